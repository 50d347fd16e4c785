export const zh = {
  standIn: '代理的身份',
  forWhom: (name: string) => `代理${name}`,
  standingIn: (name: string) => `正在代理${name}的工作，至`,
  standInFor: (name: string) => `${name}外出期间的工作由你代理`,
  backToOwn: '回到自己的身份',
  toTheirs: '去处理',
  page: '外出代理',
}
