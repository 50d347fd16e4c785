import { useCommon } from '../i18n/common'

export type FieldProblem = { field: string; code: string; message: string }
type Body = {
  type?: string
  title?: string
  detail?: string
  status?: number
  request_id?: string
  errors?: (Partial<FieldProblem> & { location?: string })[] | null
  permission?: string
  changed_by?: string
}

/** A refusal of the server (RFC 9457) or, with status 0, no answer at all. */
export class ApiProblem extends Error {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly requestId?: string
  readonly errors: FieldProblem[]
  readonly permission?: string
  readonly changedBy?: string

  constructor(body: Body, status: number) {
    super(body.detail || body.title || `HTTP ${status}`)
    this.name = 'ApiProblem'
    this.type = body.type ?? 'about:blank'
    this.title = body.title ?? ''
    this.status = status
    this.requestId = body.request_id
    this.errors = (body.errors ?? []).map(({ field, location, code = '', message = '' }) => ({
      field: field ?? location?.replace(/^body\./, '') ?? '',
      code,
      message,
    }))
    this.permission = body.permission
    this.changedBy = body.changed_by
  }

  /** The last word of the type: what a screen may decide on. */
  get code() {
    return this.type.slice(this.type.lastIndexOf('/') + 1)
  }
  get offline() {
    return this.status === 0
  }
  /** Somebody else saved in between. */
  get stale() {
    return (this.status === 409 && /stale/.test(this.type)) || this.status === 412
  }

  /** The errors by field, for a form. */
  get byField(): Record<string, string> {
    return Object.fromEntries(this.errors.map((error) => [error.field, error.message]))
  }

  static async from(response: Response) {
    const body = (await response.json().catch(() => ({}))) as Body
    return new ApiProblem({ request_id: response.headers.get('X-Request-Id') ?? undefined, ...body }, response.status)
  }
}

/** What to tell a person about a failure, in their language. */
export function explain(error: unknown, t = useCommon.now()): string {
  if (!(error instanceof ApiProblem)) return t.error.server
  if (error.offline) return t.error.offline
  if (error.status === 403 && /\/(denied|forgery)$/.test(error.type))
    return error.permission ? t.error.forbidden(error.permission) : t.error.forbiddenPlain
  if (error.status === 404 && /\/not-found$/.test(error.type)) return t.error.notFound
  if (error.status >= 500) return t.error.server
  return error.message
}
