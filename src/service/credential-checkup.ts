import { OUTCOMES, type Outcome } from "../domain/outcome.ts"
import type { ProviderName } from "../domain/platform.ts"

/** Terms: a *checkup* asks the provider whether a credential works, with a push that reaches nobody. */

export interface CheckupStep {
  readonly name: "credential" | "connection" | "authorization" | "push"
  readonly ok: boolean
  /** What was seen. */
  readonly detail: string
  /** What to do; only of a step that failed. */
  readonly advice?: string
}

export interface Checkup {
  readonly ok: boolean
  /** In their order, up to the first that failed. */
  readonly steps: readonly CheckupStep[]
}

const LABELS: { readonly [P in ProviderName]: string } = { apns: "APNs", fcm: "FCM", wns: "WNS" }

const HOSTS: { readonly [P in ProviderName]: string } = {
  apns: "api.push.apple.com and api.sandbox.push.apple.com on port 443",
  fcm: "fcm.googleapis.com and oauth2.googleapis.com on port 443",
  wns: "login.microsoftonline.com and *.notify.windows.com on port 443",
}

const TOKEN_EXCHANGE = "token exchange: "
const NO_CONNECTION = /^(no connection\b|token exchange: (?!status |[a-z_]+$))/
const CLOCK =
  "Compare the clock of this machine with the right time: providers refuse signatures that are minutes off."

/** What the provider said to the trial; undefined: nothing in time. */
export function stepsOf(provider: ProviderName, trial: Outcome | undefined): readonly CheckupStep[] {
  const label = LABELS[provider]
  const connected: CheckupStep = { name: "connection", ok: true, detail: `${label} was reached over TLS.` }
  const authorized: CheckupStep = {
    name: "authorization",
    ok: true,
    detail: `${label} accepts the credential.`,
  }
  if (trial === undefined || isUnreachable(trial)) return [unreachable(provider, trial)]
  const reason = reasonOf(trial)
  if (trial.kind === "credential_refused" && trial.scope === "credential") {
    return [connected, refused(provider, reason)]
  }
  if (trial.kind === "retry_later" || trial.kind === "ambiguous" || trial.kind === "throttled") {
    return [connected, ...(reason.startsWith(TOKEN_EXCHANGE) ? [] : [authorized]), unwell(provider, reason)]
  }
  return [
    connected,
    authorized,
    {
      name: "push",
      ok: true,
      detail: `${label} answered to a push for a device that does not exist as it should: the push ${OUTCOMES[trial.kind].meaning.replace(/\.$/, "")}${reason === "" ? "" : ` (${reason})`}.`,
    },
  ]
}

function reasonOf(outcome: Outcome): string {
  return "reason" in outcome ? outcome.reason : ""
}

function isUnreachable(trial: Outcome): boolean {
  return (trial.kind === "retry_later" || trial.kind === "ambiguous") && NO_CONNECTION.test(trial.reason)
}

function unreachable(provider: ProviderName, trial: Outcome | undefined): CheckupStep {
  const seen = trial === undefined ? "no answer in time" : reasonOf(trial)
  return {
    name: "connection",
    ok: false,
    detail: `${LABELS[provider]} could not be reached: ${seen}.`,
    advice: `Allow this machine to resolve and reach ${HOSTS[provider]}, directly and without a proxy that opens TLS. If the credential has an origin or authorities of its own, compare both with the simulator or proxy that they belong to.`,
  }
}

function unwell(provider: ProviderName, reason: string): CheckupStep {
  const isExchange = reason.startsWith(TOKEN_EXCHANGE)
  return {
    name: isExchange ? "authorization" : "push",
    ok: false,
    detail: `${LABELS[provider]} could not serve at the moment: ${reason}.`,
    advice: "Nothing is known to be wrong with the credential. Check again in a minute.",
  }
}

function refused(provider: ProviderName, reason: string): CheckupStep {
  const known = ADVICE[provider].find(({ of }) => of.test(reason))
  return {
    name: "authorization",
    ok: false,
    detail: `${LABELS[provider]} refuses the credential: ${reason}.`,
    advice: known?.advice ?? OTHERWISE[provider],
  }
}

interface Advice {
  /** The provider's word. */
  readonly of: RegExp
  readonly advice: string
}

/** From what the providers' documents and answers say (providers.md 1.2, 1.6, 2.6, 3.1). */
const ADVICE: { readonly [P in ProviderName]: readonly Advice[] } = {
  apns: [
    {
      of: /^InvalidProviderToken$/,
      advice: `Apple knows no such key of this team. Compare keyId with the name of the file, AuthKey_<keyId>.p8, and teamId with Membership details in the Apple developer account; a key that was revoked there needs a new one. ${CLOCK}`,
    },
    { of: /^ExpiredProviderToken$/, advice: `Apple takes the signature for one that is too old. ${CLOCK}` },
    {
      of: /^BadEnvironmentKeyI(dI)?nToken$/,
      advice:
        "The key is restricted to the other environment of APNs. Set environment to the one it was made for, or make a key for both.",
    },
    {
      of: /^(TopicDisallowed|BadTopic|MissingTopic)$/,
      advice:
        "The key may not send for this topic. topic must be the bundle id of an app of the same team, and a key that is restricted to certain topics must name it.",
    },
  ],
  fcm: [
    { of: /clock of this machine/, advice: CLOCK },
    {
      of: /invalid_grant/,
      advice: `Google does not accept the signature of the service account: its key was deleted, or the account is disabled or gone. Make a new key in the Firebase console under Project settings, Service accounts. ${CLOCK}`,
    },
    {
      of: /invalid_client|unauthorized_client|account/,
      advice:
        "Google does not know the service account. Make a new key in the Firebase console under Project settings, Service accounts.",
    },
    {
      of: /^(PERMISSION_DENIED|status 403)$/,
      advice:
        "The service account may not send in this project: project_id and the account must belong together, the Firebase Cloud Messaging API (V1) must be enabled in the project, and the account needs the role Firebase Cloud Messaging API Admin.",
    },
    {
      of: /^(NOT_FOUND|status 404)$/,
      advice:
        "There is no such project, or not at this address. Compare project_id with the Firebase console, and the origin, if one is set.",
    },
  ],
  wns: [
    {
      of: /invalid_client/,
      advice:
        "Microsoft does not accept the client secret: it is wrong or has expired. Make a new one in the Azure portal under Certificates & secrets, and use its Value, not its Secret ID.",
    },
    {
      of: /unauthorized_client|invalid_request|invalid_tenant/,
      advice:
        "There is no such app registration in this directory. Compare clientId and tenantId with the overview of the app registration in the Azure portal.",
    },
    {
      of: /invalid_scope/,
      advice: "The app registration may not use WNS. Associate it with the app in the Partner Center.",
    },
    {
      of: /Domain Blocked/,
      advice: "WNS has blocked this sender. Ask the support of Microsoft why.",
    },
  ],
}

const OTHERWISE: { readonly [P in ProviderName]: string } = {
  apns: "Compare keyId, teamId, topic and environment with the Apple developer account, and set the credential again.",
  fcm: "Make a new key in the Firebase console under Project settings, Service accounts, and set the credential again.",
  wns: "Compare tenantId, clientId and clientSecret with the app registration in the Azure portal, and set the credential again.",
}
