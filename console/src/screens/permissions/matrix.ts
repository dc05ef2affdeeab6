import type { Answer } from "../../api/client.ts"

/** What decides who may do what, as the table shows it. */
export type Matrix = Answer<"/admin/v1/applications/{applicationId}/permissions">
export type Operation = Matrix["operations"][number]
export type OperationName = Operation["operation"]
export type Rule = Matrix["rules"][number]
export type Access = Rule["access"]

export const PERMISSIONS = "/admin/v1/applications/{applicationId}/permissions"
export const ROLES = "/admin/v1/applications/{applicationId}/roles"

/** Where rules are looked at: in the application, or on one channel for roles or for users. */
export type Place =
  | { readonly level: "application" }
  | { readonly level: "channel"; readonly channel: string; readonly subjects: "roles" | "users" }

/** Whom a rule is about. */
export interface Subject {
  readonly kind: "role" | "user"
  /** The name of the role, or the id of the user. */
  readonly id: string
  readonly isSystem: boolean
}

/** One field of the table. */
export interface Cell {
  /** What the rule of this very place says; inherit: there is none. */
  readonly own: Access
  /** What holds without it; "nothing": neither granted nor denied, or the user's roles decide. */
  readonly inherited: "grant" | "deny" | "nothing"
  /** The same in words: "granted by the preset locked". */
  readonly inheritedWords: string
}

export function subjectsOf(matrix: Matrix, place: Place, added: readonly string[]): readonly Subject[] {
  if (place.level === "channel" && place.subjects === "users") {
    const users = matrix.rules.flatMap(({ user, channel }) =>
      user !== null && channel === place.channel ? [user] : [],
    )
    return [...new Set([...users, ...added])].map((id) => ({ kind: "user", id, isSystem: false }))
  }
  return matrix.roles.map(({ name, isSystem }) => ({ kind: "role", id: name, isSystem }))
}

export function operationsOf(matrix: Matrix, place: Place): readonly Operation[] {
  return place.level === "application"
    ? matrix.operations
    : matrix.operations.filter(({ onChannels }) => onChannels)
}

export function cellOf(matrix: Matrix, place: Place, subject: Subject, operation: OperationName): Cell {
  const accessAt = (channel: string | null): Access | undefined =>
    matrix.rules.find(
      (rule) =>
        rule.operation === operation &&
        rule.channel === channel &&
        (subject.kind === "role" ? rule.role : rule.user) === subject.id,
    )?.access
  const own = accessAt(place.level === "channel" ? place.channel : null) ?? "inherit"
  if (subject.kind === "user")
    return { own, inherited: "nothing", inheritedWords: "the roles of the user decide" }
  const inApplication = place.level === "channel" ? accessAt(null) : undefined
  if (inApplication === "grant" || inApplication === "deny") {
    const inheritedWords = `${inApplication === "grant" ? "granted" : "denied"} by a rule of the application`
    return { own, inherited: inApplication, inheritedWords }
  }
  const isGranted =
    matrix.roles.find(({ name }) => name === subject.id)?.presetGrants.includes(operation) ?? false
  if (!subject.isSystem) return { own, inherited: "nothing", inheritedWords: "not granted by any rule" }
  return {
    own,
    inherited: isGranted ? "grant" : "nothing",
    inheritedWords: `${isGranted ? "granted" : "not granted"} by the preset ${matrix.preset}`,
  }
}

/** What a cell means: "granted here", "granted by the preset locked". */
export function wordsOf({ own, inheritedWords }: Cell): string {
  if (own === "grant") return "granted here"
  return own === "deny" ? "denied here" : inheritedWords
}

export function placeWords(place: Place): string {
  return place.level === "application" ? "in the application" : `on the channel “${place.channel}”`
}
