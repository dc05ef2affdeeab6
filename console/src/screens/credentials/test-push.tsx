import { useMutation, useQueries } from "@tanstack/react-query"
import { type ReactNode, useState } from "react"
import { ApiError, isNotFound } from "../../api/api-error.ts"
import { api, client, type Schema } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { isAccepted } from "../../app/outcome.ts"
import { Button } from "../../ui/button.tsx"
import { Dialog } from "../../ui/dialog.tsx"
import { SelectField, TextField } from "../../ui/field.tsx"
import { Form, FormActions } from "../../ui/form.tsx"
import { Loaded, Loading } from "../../ui/loaded.tsx"
import { Note, type Tone } from "../../ui/note.tsx"
import type { ProviderFacts } from "./provider.ts"

const MESSAGES = "/admin/v1/applications/{applicationId}/messages"
const OFFERED_MAX = 50
const LOOK_MS = 700

type Device = Schema<"Device">

interface TestPushProps {
  readonly facts: ProviderFacts
  readonly onClose: () => void
}

/** One message to one device, and what became of it. */
export function TestPush({ facts, onClose }: TestPushProps): ReactNode {
  const { applicationId } = useApplication()
  const devices = useDevicesOf(applicationId, facts.systems)
  return (
    <Dialog isOpen onClose={onClose} title={`Test push through ${facts.name}`}>
      <Loaded query={devices} failure="The devices could not be read">
        {({ offered, isAll }) =>
          offered.length === 0 ? (
            <Note title="No device to send to">
              No device has registered as {facts.systems.join(" or ")} yet. Install the app on a phone, open
              it, and come back.
            </Note>
          ) : (
            <PushForm facts={facts} offered={isAll ? offered : undefined} onClose={onClose} />
          )
        }
      </Loaded>
    </Dialog>
  )
}

/** The first devices of each system. */
function useDevicesOf(applicationId: string, systems: readonly string[]) {
  return useQueries({
    queries: systems.map((os) =>
      api.queryOptions("get", "/admin/v1/applications/{applicationId}/devices", {
        params: { path: { applicationId }, query: { os, limit: OFFERED_MAX } },
      }),
    ),
    combine: (answers) => ({
      data: answers.every(({ data }) => data !== undefined)
        ? {
            offered: answers.flatMap(({ data }) => data?.devices ?? []),
            isAll: answers.every(({ data }) => data?.next === null),
          }
        : undefined,
      error: answers.find(({ error }) => error !== null)?.error ?? null,
      isPlaceholderData: false,
      refetch: () => Promise.all(answers.map(({ refetch }) => refetch())),
    }),
  })
}

interface PushFormProps {
  readonly facts: ProviderFacts
  /** Undefined: there are too many to choose from, and the phone at hand is the last of them. */
  readonly offered: readonly Device[] | undefined
  readonly onClose: () => void
}

function PushForm({ facts, offered, onClose }: PushFormProps): ReactNode {
  const { applicationId } = useApplication()
  const [sentTo, setSentTo] = useState("")
  const publish = useMutation({
    mutationFn: async ({ deviceId, message }: { readonly deviceId: string; readonly message: string }) => {
      const [channel = "default"] = await channelsOf(applicationId, deviceId, facts)
      setSentTo(deviceId)
      const params = { path: { applicationId } }
      return (await client.POST(MESSAGES, { params, body: { channel, deviceIds: [deviceId], message } })).data
    },
  })
  return (
    <Form
      error={publish.error}
      fields={["deviceId", "message"]}
      onSubmit={({ deviceId = "", message = "" }) => publish.mutate({ deviceId: deviceId.trim(), message })}
    >
      {offered === undefined ? (
        <TextField
          name="deviceId"
          label="Device id"
          hint="As the app registered it. Devices finds it by its user or its token."
          required
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
        />
      ) : (
        <SelectField
          name="deviceId"
          label="Device"
          options={offered.map(({ deviceId, os, osVersion }) => ({
            value: deviceId,
            label: `${deviceId} (${os} ${osVersion})`,
          }))}
        />
      )}
      <TextField name="message" label="Text" defaultValue="A test from Belfry" required />
      {publish.data !== undefined && <Verdict messageId={publish.data.messageId} deviceId={sentTo} />}
      <FormActions>
        <Button type="submit" look="primary" isBusy={publish.isPending}>
          Send to this device
        </Button>
        <Button onClick={onClose} disabled={publish.isPending}>
          Close
        </Button>
      </FormActions>
    </Form>
  )
}

/** Those that a device of the provider is in: a message reaches it through one of them. */
async function channelsOf(
  applicationId: string,
  deviceId: string,
  { name, systems }: ProviderFacts,
): Promise<readonly string[]> {
  const refused = (message: string) => new ApiError(0, 0, message, "deviceId")
  try {
    const { data } = await client.GET("/admin/v1/applications/{applicationId}/devices/{deviceId}", {
      params: { path: { applicationId, deviceId } },
    })
    if (data === undefined || systems.includes(data.os.toUpperCase())) return data?.channels ?? []
    throw refused(`The device registered as ${data.os}, and nothing is sent to those through ${name}.`)
  } catch (error) {
    throw isNotFound(error) ? refused("No device is registered with this id. Capitals matter.") : error
  }
}

interface VerdictProps {
  readonly messageId: string
  readonly deviceId: string
}

function Verdict({ messageId, deviceId }: VerdictProps): ReactNode {
  const { applicationId } = useApplication()
  const { data } = api.useQuery(
    "get",
    `${MESSAGES}/{messageId}/devices/{deviceId}`,
    { params: { path: { applicationId, messageId, deviceId } } },
    {
      refetchInterval: ({ state }) => (isOver(state.data?.verdict) ? false : LOOK_MS),
    },
  )
  if (data === undefined) return <Loading label="Sending…" />
  return (
    <Note tone={toneOf(data.verdict, data.outcome?.kind)} role="status" title={data.summary}>
      <span className="breakable">{data.next}</span>
    </Note>
  )
}

/** A pending or retrying push is looked at until it is settled. */
function isOver(verdict: string | undefined): boolean {
  return verdict === "settled" || verdict === "not_in_audience" || verdict === "not_registered"
}

function toneOf(verdict: string, outcome: string | undefined): Tone {
  if (outcome !== undefined && isAccepted(outcome)) return "good"
  return verdict === "pending" ? "info" : "warn"
}
