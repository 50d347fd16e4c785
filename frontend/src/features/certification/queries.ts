import { queryOptions } from '@tanstack/react-query'
import { list, send } from '../../shared/api/act'
import { api, data, type Schemas } from '../../shared/api/client'
import { pagesQuery } from '../../shared/api/pages'

export type Certification = Schemas['Certification']
export type CertificationRow = Schemas['CertificationRow']
export type Stage = Schemas['Stage']
export type StageCheck = Schemas['StageCheck']
export type Proposal = Schemas['AssignmentProposal']
export type Assigned = Schemas['Assigned']
export type Finding = Schemas['Finding']
export type Filter = { state?: string; q?: string }
type Headers = Record<string, string>

export const certificationsQuery = ({ tab, q }: { tab: string; q?: string }) =>
  pagesQuery(['certification', 'list', tab, q], (cursor, signal) =>
    list<Schemas['PageCertificationRow']>(
      '/api/certifications',
      {
        cursor,
        limit: 50,
        q,
        ...(['mine', 'overdue', 'unclaimed', 'by_machine'].includes(tab) ? { [tab]: true } : tab === 'all' ? {} : { state: tab }),
      },
      signal,
    ),
  )
export const certificationQuery = (id: string) =>
  queryOptions({
    queryKey: ['certification', 'one', id],
    queryFn: ({ signal }) => data(api.GET('/api/certifications/{id}', { params: { path: { id } }, signal })),
  })
export const proposalQuery = (ids: string[]) =>
  queryOptions({
    queryKey: ['certification', 'proposal', ids],
    queryFn: ({ signal }) => data(api.GET('/api/certification-assignments', { params: { query: { case: ids } }, signal })),
    staleTime: 0,
  })
export const assignCases = (cases: { id: string; tester_id: string }[], headers: Headers) =>
  send<{ items: Assigned[] }>('POST', '/api/certification-assignments', { cases }, headers)
export const assignOne = (id: string, body: { tester_id: string; reason: string }, headers: Headers) =>
  send<Certification>('POST', `/api/certifications/${id}/assign`, body, headers)
export const certificateQuery = (number: string) =>
  queryOptions({
    queryKey: ['certificate', number],
    queryFn: ({ signal }) => data(api.GET('/api/certificates/{number}', { params: { path: { number } }, signal })),
    retry: false,
  })

export const criteriaQuery = (number: string) =>
  queryOptions({
    queryKey: ['certificate', number, 'criteria'],
    queryFn: ({ signal }) => data(api.GET('/api/certificates/{number}/criteria', { params: { path: { number } }, signal })),
  })

export type TestPlan = Schemas['TestPlan']
export type PlanStage = Schemas['PlanStage']
export type PlanCheck = Schemas['PlanCheck']
export const testPlansQuery = queryOptions({
  queryKey: ['certification_plan', 'list'],
  queryFn: ({ signal }) => data(api.GET('/api/certification-plans', { signal })),
})
export const testPlanQuery = (id: string) =>
  queryOptions({
    queryKey: ['certification_plan', 'one', id],
    queryFn: ({ signal }) => data(api.GET('/api/certification-plans/{id}', { params: { path: { id } }, signal })),
  })
export const editTestPlan = (id: string, body: { stages: PlanStage[]; note: string; version: number }, headers: Headers) =>
  send<TestPlan>('PUT', `/api/certification-plans/${id}`, body, headers)
export const publishTestPlan = (id: string, version: number, headers: Headers) =>
  send<TestPlan>('POST', `/api/certification-plans/${id}/publish`, { version }, headers)

export type Condition = Schemas['Condition']
export const approveUnder = (id: string, conditions: Schemas['NewCondition'][], headers: Headers) =>
  send<Certification>('POST', `/api/certifications/${id}/approve`, { conditions }, headers)
export const revokeCertificate = (id: string, body: { reason: string; number: string }, headers: Headers) =>
  send<Certification>('POST', `/api/certifications/${id}/revoke`, body, headers)
export const fulfilCondition = (id: string, sub: string, body: { text: string; evidence: string[] }, headers: Headers) =>
  send<Certification>('POST', `/api/certifications/${id}/conditions/${sub}/fulfil`, body, headers)

export const recordCheck = (id: string, sub: string, body: Schemas['CheckResult'], headers: Headers) =>
  send<Certification>('PUT', `/api/certifications/${id}/checks/${sub}`, body, headers)
export const exemptCheck = (id: string, sub: string, body: { reason: string; until: string; evidence: string[] }, headers: Headers) =>
  send<Certification>('POST', `/api/certifications/${id}/checks/${sub}/exempt`, body, headers)
export const addFinding = (id: string, body: Schemas['NewFinding'], headers: Headers) =>
  send<Certification>('POST', `/api/certifications/${id}/findings`, body, headers)
export const answerFinding = (id: string, sub: string, text: string, headers: Headers) =>
  send<Certification>('POST', `/api/certifications/${id}/findings/${sub}/answer`, { text }, headers)
