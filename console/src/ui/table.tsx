import { type Key, type ReactNode, useId } from "react"
import "./table.css"

export interface Column<Row> {
  readonly head: string
  /** Numbers stand at the end. */
  readonly align?: "end"
  readonly cell: (row: Row) => ReactNode
}

interface TableProps<Row> {
  /** What the rows are: "Devices". Read aloud, not shown. */
  readonly label: string
  /** The first column names the row. */
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly rowKey: (row: Row) => Key
}

/** Rows of one kind. Becomes a list of small cards on a narrow screen, with the same table for screen readers. */
export function Table<Row>({ label, columns, rows, rowKey }: TableProps<Row>): ReactNode {
  const id = useId()
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard (WCAG 2.1.1).
    <section className="table-scroll" aria-labelledby={id} tabIndex={0}>
      <table className="table">
        <caption id={id} className="visually-hidden">
          {label}
        </caption>
        <thead>
          <tr>
            {columns.map(({ head, align }) => (
              <th key={head} scope="col" data-align={align}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((column, index) => (
                <Cell key={column.head} column={column} row={row} isFirst={index === 0} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

interface CellProps<Row> {
  readonly column: Column<Row>
  readonly row: Row
  readonly isFirst: boolean
}

function Cell<Row>({ column, row, isFirst }: CellProps<Row>): ReactNode {
  if (isFirst) {
    return <th scope="row">{column.cell(row)}</th>
  }
  return (
    <td data-align={column.align} data-label={column.head}>
      {column.cell(row)}
    </td>
  )
}
