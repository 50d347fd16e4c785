export const zh = {
  states: { queued: '排队中', running: '生成中', done: '可下载', cancelled: '已取消', failed: '失败', expired: '已过期' },
  title: '导出中心',
  sub: '只有你自己能下载；文件保留一天',
  columns: { file: '文件', state: '状态', rows: '行数', size: '大小', at: '时间' },
  empty: '还没有导出过',
  emptyWhy: '在客户列表点「导出 Excel」，生成的文件会出现在这里。',
  download: '下载',
  cancel: '取消',
  cancelled: '已取消导出',
  until: (when: string) => `${when} 前可下载`,
  progress: (n: string, all: string) => `${n} / ${all}`,
}
