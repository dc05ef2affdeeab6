import { Fragment, type ReactNode } from "react"

interface NamesProps {
  readonly names: readonly string[]
  /** Others are counted. */
  readonly max?: number
}

/** One after the other. Each is kept apart from the next: a name may turn the direction of writing around. */
export function Names({ names, max = names.length }: NamesProps): ReactNode {
  const more = names.length - max
  return (
    <span className="breakable">
      {names.slice(0, max).map((name, index) => (
        <Fragment key={name}>
          {index > 0 && ", "}
          <bdi>{name}</bdi>
        </Fragment>
      ))}
      {more > 0 && ` and ${more} more`}
    </span>
  )
}
