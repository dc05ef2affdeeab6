import { type ReactNode, useId, useState } from "react"
import { api } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { PLATFORMS } from "../../app/platforms.ts"
import { Card } from "../../ui/card.tsx"
import { CheckField, TextArea, TextField } from "../../ui/field.tsx"
import { countOf } from "../../ui/format.ts"
import { Note } from "../../ui/note.tsx"
import { Parts } from "../../ui/progress.tsx"
import type { Draft, Platform } from "./draft.ts"
import type { Preview } from "./use-preview.ts"

/** So many are suggested; more are typed. */
const SUGGESTED = 200
const NAMED_MAX = 5

export interface CardProps {
  readonly draft: Draft
  readonly change: (part: Partial<Draft>) => void
}

interface AudienceCardProps extends CardProps {
  readonly audience: Preview["audience"] | undefined
  /** The count is of an earlier state of the fields. */
  readonly isBehind: boolean
}

export function AudienceCard({ draft, change, audience, isBehind }: AudienceCardProps): ReactNode {
  const suggestions = useId()
  const [isNaming, setNaming] = useState(draft.deviceIds !== "")
  return (
    <Card title="Audience">
      <div className="stack">
        <TextField
          name="channel"
          label="Channel"
          list={suggestions}
          autoComplete="off"
          value={draft.channel}
          onChange={({ target }) => change({ channel: target.value })}
        />
        <ChannelSuggestions id={suggestions} />
        <PlatformChoice draft={draft} change={change} />
        <details open={isNaming} onToggle={({ currentTarget }) => setNaming(currentTarget.open)}>
          <summary>Only certain devices</summary>
          <TextArea
            name="deviceIds"
            label="Device ids"
            hint="One a line. Only devices of the channel get it."
            rows={3}
            spellCheck={false}
            value={draft.deviceIds}
            onChange={({ target }) => change({ deviceIds: target.value })}
          />
        </details>
        <AudienceSize audience={audience} isBehind={isBehind} channel={draft.channel} />
      </div>
    </Card>
  )
}

function ChannelSuggestions({ id }: { readonly id: string }): ReactNode {
  const { applicationId } = useApplication()
  const { data } = api.useQuery("get", "/admin/v1/applications/{applicationId}/channels", {
    params: { path: { applicationId }, query: { limit: SUGGESTED } },
  })
  return (
    <datalist id={id}>
      {data?.channels.map(({ name }) => (
        <option key={name} value={name} />
      ))}
    </datalist>
  )
}

const CHOICES = PLATFORMS.flatMap(({ key, name }) => (key === "other" ? [] : [{ key, name }]))

function PlatformChoice({ draft: { platforms }, change }: CardProps): ReactNode {
  const choose = (platform: Platform, isChosen: boolean) =>
    change({
      platforms: CHOICES.map(({ key }) => key).filter((key) =>
        key === platform ? isChosen : platforms.includes(key),
      ),
    })
  return (
    <fieldset className="stack-tight">
      <legend className="field-label">Platforms</legend>
      <div className="row compose-platforms">
        {CHOICES.map(({ key, name }) => (
          <CheckField
            key={key}
            label={name}
            checked={platforms.includes(key)}
            onChange={({ target }) => choose(key, target.checked)}
          />
        ))}
      </div>
      <span className="field-hint">None ticked: every platform.</span>
    </fieldset>
  )
}

interface AudienceSizeProps {
  readonly audience: Preview["audience"] | undefined
  readonly isBehind: boolean
  readonly channel: string
}

function AudienceSize({ audience, isBehind, channel }: AudienceSizeProps): ReactNode {
  if (audience === null || audience === undefined) {
    return (
      <p className="compose-count soft" role="status">
        {audience === null ? "Not countable until the problems are solved" : "Counting…"}
      </p>
    )
  }
  const { exists, total, devices, unknownDeviceIds } = audience
  return (
    <div className={isBehind ? "stack-tight behind" : "stack-tight"}>
      <p className="compose-count number" role="status">
        {countOf(total, "device")}
      </p>
      {total > 0 && (
        <Parts
          parts={PLATFORMS.map(({ key, name, color }) => ({ name, color, count: devices[key] })).filter(
            ({ count }) => count > 0,
          )}
        />
      )}
      {!exists && (
        <Note tone="warn">
          There is no channel {channel}. Sending creates it and reaches nobody; check the name.
        </Note>
      )}
      {unknownDeviceIds.length > 0 && <UnknownDevices ids={unknownDeviceIds} />}
    </div>
  )
}

function UnknownDevices({ ids }: { readonly ids: readonly string[] }): ReactNode {
  const more = ids.length - NAMED_MAX
  return (
    <Note tone="warn">
      Not registered with the channel, so they get nothing: {ids.slice(0, NAMED_MAX).join(", ")}
      {more > 0 && ` and ${countOf(more, "other")}`}.
    </Note>
  )
}
