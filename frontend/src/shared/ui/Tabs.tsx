import type { ReactNode } from 'react'
import { Tabs as AriaTabs, Tab, TabList, TabPanel, ToggleButton, ToggleButtonGroup } from 'react-aria-components'
import { cx } from '../lib/cx'
import { formatCount } from '../lib/money'

export type TabItem<V extends string = string> = { id: V; label: string; count?: number; content?: ReactNode }

type Props<V extends string> = { label: string; items: TabItem<V>[]; value: V; onChange: (value: V) => void; className?: string }

export function Tabs<V extends string>({ label, items, value, onChange, className }: Props<V>) {
  return (
    <AriaTabs selectedKey={value} onSelectionChange={(key) => onChange(String(key) as V)} className={className}>
      <TabList aria-label={label} className="flex gap-5 overflow-x-auto border-line border-b">
        {items.map((item) => (
          <Tab
            key={item.id}
            id={item.id}
            className="hit focus-ring -mb-px flex shrink-0 cursor-default items-center gap-1.5 whitespace-nowrap border-transparent border-b-2 py-2 text-ink-2 data-selected:border-ink data-selected:font-medium data-selected:text-ink"
          >
            {item.label}
            {item.count !== undefined && <span className="num text-ink-3 text-small">{formatCount(item.count)}</span>}
          </Tab>
        ))}
      </TabList>
      {items.map((item) => (
        <TabPanel key={item.id} id={item.id} className="focus-ring pt-5">
          {item.content}
        </TabPanel>
      ))}
    </AriaTabs>
  )
}

/** One of a few views or orders of the same thing. */
export function SegmentedControl<V extends string>({ label, items, value, onChange, className }: Props<V>) {
  return (
    <ToggleButtonGroup
      aria-label={label}
      disallowEmptySelection
      selectedKeys={[value]}
      onSelectionChange={(keys) => onChange([...keys][0] as V)}
      className={cx('inline-flex w-fit max-w-full rounded-control bg-neutral-soft p-0.5', className)}
    >
      {items.map((item) => (
        <ToggleButton
          key={item.id}
          id={item.id}
          className="hit focus-ring h-[30px] cursor-default whitespace-nowrap rounded-tag px-3 text-ink-2 text-small data-selected:bg-sheet data-selected:text-ink data-selected:shadow-[0_0_0_1px_var(--line)]"
        >
          {item.label}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  )
}

/** States of a list with their counts; the chosen one is black. */
export function StateTabs<V extends string>({ label, items, value, onChange, className }: Props<V>) {
  return (
    <ToggleButtonGroup
      aria-label={label}
      disallowEmptySelection
      selectedKeys={[value]}
      onSelectionChange={(keys) => onChange([...keys][0] as V)}
      className={cx('-mx-1 flex max-w-full gap-0.5 overflow-x-auto p-1', className)}
    >
      {items.map((item) => (
        <ToggleButton
          key={item.id}
          id={item.id}
          className="hit focus-ring group flex h-8 shrink-0 cursor-default items-center gap-1.5 whitespace-nowrap rounded-control px-2.5 text-ink-2 text-small hover:bg-neutral-soft data-selected:bg-ink data-selected:font-medium data-selected:text-ink-on"
        >
          {item.label}
          {item.count !== undefined && <span className="num text-ink-3 group-data-selected:text-ink-on">{formatCount(item.count)}</span>}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  )
}
