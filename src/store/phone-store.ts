/** A device that is a virtual phone of the sandbox. Its registration is an ordinary one, and may have gone. */
export interface VirtualPhone {
  readonly application: number
  readonly deviceId: string
  readonly name: string
  /** Milliseconds since 1970. */
  readonly createdAt: number
}

export interface PhoneStore {
  /** False, and nothing is added, when the application has `max` of them. */
  add(phone: VirtualPhone, max: number): Promise<boolean>
  /** Ordered by creation. */
  list(application: number): Promise<readonly VirtualPhone[]>
  remove(application: number, deviceId: string): Promise<boolean>
}
