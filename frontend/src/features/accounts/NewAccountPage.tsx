export { NewAccountPage } from './EditAccountPage'
