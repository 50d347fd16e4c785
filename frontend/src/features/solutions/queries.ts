import { queryOptions } from '@tanstack/react-query'
import { list, send } from '../../shared/api/act'
import { api, data, type Schemas } from '../../shared/api/client'
import { pagesQuery } from '../../shared/api/pages'

export type Solution = Schemas['Solution']
export type SolutionRow = Schemas['SolutionRow']
export type Version = Schemas['Version']
export type Element = Schemas['Element']
export type MenuRules = Schemas['MenuRules']
export type MenuRead = Schemas['MenuRead']
export type FileKind = Schemas['VersionFile']['kind']
export type SolutionFilter = { q?: string; state?: string; industry?: string }
type Headers = Record<string, string>

export const solutionsQuery = (filter: SolutionFilter) =>
  pagesQuery(['solution', 'list', filter], (cursor, signal) =>
    list<Schemas['PageSolutionRow']>('/api/solutions', { ...filter, cursor, limit: 50 }, signal),
  )
export const solutionQuery = (id: string) =>
  queryOptions({
    queryKey: ['solution', 'one', id],
    queryFn: ({ signal }) => data(api.GET('/api/solutions/{id}', { params: { path: { id } }, signal })),
  })
export const versionQuery = (id: string) =>
  queryOptions({
    queryKey: ['version', id],
    queryFn: ({ signal }) => data(api.GET('/api/versions/{id}', { params: { path: { id } }, signal })),
  })

export const outlookQuery = (id: string) =>
  queryOptions({
    queryKey: ['version', 'outlook', id],
    queryFn: ({ signal }) => data(api.GET('/api/versions/{id}/outlook', { params: { path: { id } }, signal })),
  })

export const differenceQuery = (id: string, from?: string) =>
  queryOptions({
    queryKey: ['version', id, 'difference', from ?? ''],
    queryFn: ({ signal }) =>
      data(api.GET('/api/versions/{id}/difference', { params: { path: { id }, query: from ? { from } : {} }, signal })),
  })

export const newSolution = (body: Schemas['SolutionEdit'], headers: Headers) => data(api.POST('/api/solutions', { body, headers }))
export const editSolution = (id: string, body: Schemas['SolutionEdit'], headers: Headers) =>
  send<Solution>('PUT', `/api/solutions/${id}`, body, headers)
export const newVersion = (id: string, semver: string, headers: Headers) =>
  send<Version>('POST', `/api/solutions/${id}/versions`, { semver }, headers)
export const editVersion = (id: string, body: Schemas['VersionEdit'], headers: Headers) =>
  send<Version>('PUT', `/api/versions/${id}`, body, headers)
export const readMenu = (content: string, headers: Headers) => send<MenuRead>('POST', '/api/menus/read', { content }, headers)
export const setTrialRule = (solution: string, automatic: boolean, headers: Headers) =>
  send<Schemas['TrialRule']>('PUT', `/api/solutions/${solution}/trial_rule`, { automatic }, headers)
export const addFile = (id: string, file_id: string, kind: FileKind) =>
  send<Version>('POST', `/api/versions/${id}/files`, { file_id, kind })
export const removeFile = (id: string, sub: string) => send<Version>('DELETE', `/api/versions/${id}/files/${sub}`)
