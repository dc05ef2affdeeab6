import { describe, expect, it } from "vitest"
import type { Registration } from "../../domain/device.ts"
import { encodeRegistration, encodeRegistrationResult, encodeRegistrationRows } from "./encode.ts"

const registration: Registration = {
  number: 7,
  id: "ID-7",
  deviceToken: "token",
  deviceId: "phone",
  os: "IOS",
  osVersion: "18.1",
  expiresAt: 1_800_000_000_123,
  createdAt: 1_700_000_000_000,
  registeredAt: 1_700_000_000_001,
  receives: false,
  userId: undefined,
  channels: [
    { name: "default", id: "ID-A" },
    { name: "a:b", id: "ID-B" },
  ],
}

describe("what the SDKs parse", () => {
  it("a registrationId is id::channel, and several are joined with commas", () => {
    const device = { number: 7, created: true }
    expect(encodeRegistrationResult({ ...device, channels: registration.channels.slice(0, 1) })).toEqual({
      registrationId: "ID-A::default",
    })
    expect(encodeRegistrationResult({ ...device, channels: registration.channels })).toEqual({
      registrationId: "ID-A::default,ID-B::a:b",
    })
  })

  it("a registration is an array with one object, its expiration in milliseconds", () => {
    expect(encodeRegistration(registration)).toEqual([
      {
        id: "ID-7",
        deviceToken: "token",
        deviceId: "phone",
        os: "IOS",
        osVersion: "18.1",
        expiration: 1_800_000_000_123,
        channels: ["default", "a:b"],
      },
    ])
  })

  it("no expiration is null, never left out: Flutter reads the property", () => {
    const text = JSON.stringify(encodeRegistration({ ...registration, expiresAt: undefined }))
    expect(text).toContain('"expiration":null')
  })

  it("the rows of the table are one for each channel, with an object id of its own", () => {
    const rows = encodeRegistrationRows({ ...registration, expiresAt: undefined, userId: "user-1" })
    expect(rows.map(({ objectId, channelName }) => [objectId, channelName])).toEqual([
      ["ID-A", "default"],
      ["ID-B", "a:b"],
    ])
    expect(rows[0]).toEqual({
      ___class: "DeviceRegistration",
      objectId: "ID-A",
      channelName: "default",
      deviceToken: "token",
      deviceId: "phone",
      operatingSystemName: "IOS",
      operatingSystemVersion: "18.1",
      expiration: null,
      created: 1_700_000_000_000,
      updated: 1_700_000_000_001,
      ownerId: "user-1",
    })
  })

  it("nothing that is meant to be a success looks like a fault to Swift: code and message together", () => {
    const answers = [
      encodeRegistrationResult({ number: 7, created: true, channels: registration.channels }),
      ...encodeRegistration(registration),
      ...encodeRegistrationRows(registration),
    ]
    for (const answer of answers) expect(Object.keys(answer)).not.toContain("code")
  })
})
