// Made by `npm run generate` from the table of outcomes; do not edit.

interface Words {
  readonly meaning: string
  readonly next: string
}

/** By outcome. */
export const OUTCOME_WORDS: Readonly<Record<string, Words>> = {
  accepted: {
    meaning: "The message was accepted by the provider.",
    next: "Nothing more is sent. What the provider and the phone do with it is out of Belfry's sight.",
  },
  token_gone: {
    meaning: "The message could not be sent: the provider says that the token is no longer valid.",
    next: "The registration was removed unless it was renewed since. The app registers again when it is next opened.",
  },
  token_changed: {
    meaning: "The message was accepted by the provider, which gave the device a new token.",
    next: "The app registers with its new token when it is next opened.",
  },
  payload_rejected: {
    meaning: "The message was rejected by the provider because of its content.",
    next: "Correct the message or its headers and publish it again.",
  },
  credential_refused: {
    meaning: "The message was refused because of the provider credential, not because of the device.",
    next: "Correct the credential, then send again to the devices that this outcome names.",
  },
  expired: {
    meaning: "The message expired before it could be sent.",
    next: "Send it again to those that it expired for, if it still matters.",
  },
  cancelled: {
    meaning: "The message was cancelled before it was sent.",
    next: "Nothing more is sent, unless somebody sends it again to those that it was cancelled for.",
  },
  suppressed: {
    meaning: "The message was not sent on purpose.",
    next: "Nothing more is sent.",
  },
  retries_exhausted: {
    meaning: "The message could not be sent within the attempts or the time allowed.",
    next: "Publish again once the provider answers.",
  },
  outcome_unknown: {
    meaning: "The message may have been accepted: every answer was lost and the copy budget is spent.",
    next: "It is never sent again.",
  },
}

/** By outcome and reason, for reasons that say more. */
export const REASON_WORDS: Readonly<Record<string, Words>> = {
  "suppressed unsupported_os": {
    meaning: "The operating system of the device has no push provider.",
    next: "Nothing more is sent.",
  },
  "suppressed shared_token": {
    meaning: "A later registration has the same token; a token is pushed once per message.",
    next: "Nothing more is sent.",
  },
  "suppressed left_audience": {
    meaning: "The device left the channel or unregistered before its turn came.",
    next: "Nothing more is sent.",
  },
  "suppressed registration_expired": {
    meaning: "The registration of the device had expired.",
    next: "Open the app on the device so that it registers again, then publish again.",
  },
  "suppressed no_credential": {
    meaning: "The application has no credential for the platform, and the sandbox is off.",
    next: "Set the credential of the platform, then send again to those that had none.",
  },
  "suppressed invalid_token": {
    meaning: "The stored token is no address of the provider.",
    next: "Look at what the app registers as its device token.",
  },
  "expired no connection": {
    meaning: "What kept it from being sent: there was no connection to the provider.",
    next: "Look at the way from this server to the provider: names, firewall, proxy, certificates.",
  },
  "expired token exchange": {
    meaning: "What kept it from being sent: the provider gave no access token.",
    next: "Look at the way from this server to the provider's login, and at the clock.",
  },
  "expired provider_unreachable": {
    meaning: "What kept it from being sent: the provider took nothing or did not answer.",
    next: "Look at the way from this server to the provider, and at the provider's status page.",
  },
  "expired credential_throttled": {
    meaning: "What kept it from being sent: the provider had asked for a pause of everything sent with the credential.",
    next: "Send more slowly, or ask the provider for a higher quota.",
  },
  "expired carrier_unavailable": {
    meaning: "What kept it from being sent: the provider credential could not be opened.",
    next: "Run belfry doctor: it says whether the master key is the right one.",
  },
  "expired no_master_key": {
    meaning: "What kept it from being sent: the server runs without the right master key, and delivers nothing.",
    next: "Restore master.key or set BELFRY_MASTER_KEY, and start the server again; belfry doctor says what is wrong.",
  },
  "expired message_paused": {
    meaning: "What kept it from being sent: somebody had paused the message.",
    next: "Resume messages while they may still be sent.",
  },
  "expired others_waiting": {
    meaning: "What kept it from being sent: too many other devices of the message waited for another attempt with the same provider.",
    next: "Look at what those waited for.",
  },
  "expired retry_budget": {
    meaning: "What kept it from being sent: so many attempts were to be repeated that they had to take turns.",
    next: "Look at what the provider answered to the first attempts.",
  },
  "expired not_now": {
    meaning: "What kept it from being sent: the server was stopping, or the message was being paused.",
    next: "See to it that the server runs.",
  },
  "expired crash": {
    meaning: "What kept it from being sent: the server crashed while it was being sent.",
    next: "See to it that the server runs.",
  },
  "expired no_turn": {
    meaning: "What kept it from being sent: its time to live was over before its turn came, or no server was running.",
    next: "Give it more time to live, and see to it that the server runs.",
  },
  "credential_refused BadDeviceToken": {
    meaning: "APNs does not know the token: it is of the other environment, or is none.",
    next: "Set the environment of the APNs credential: sandbox for builds from Xcode, production for TestFlight and the App Store.",
  },
  "retries_exhausted BadDeviceToken": {
    meaning: "APNs does not know the token: it is of the other environment, or is none.",
    next: "Set the environment of the APNs credential: sandbox for builds from Xcode, production for TestFlight and the App Store.",
  },
  "credential_refused DeviceTokenNotForTopic": {
    meaning: "The token belongs to another app than the bundle id of the APNs credential.",
    next: "Correct the bundle id (topic) of the credential, or let the app register with the application that is meant for it.",
  },
  "retries_exhausted DeviceTokenNotForTopic": {
    meaning: "The token belongs to another app than the bundle id of the APNs credential.",
    next: "Correct the bundle id (topic) of the credential, or let the app register with the application that is meant for it.",
  },
  "credential_refused TopicDisallowed": {
    meaning: "The APNs key may not send to this bundle id.",
    next: "Correct the bundle id (topic), or use a key of the team that owns the app.",
  },
  "retries_exhausted TopicDisallowed": {
    meaning: "The APNs key may not send to this bundle id.",
    next: "Correct the bundle id (topic), or use a key of the team that owns the app.",
  },
  "payload_rejected TopicDisallowed": {
    meaning: "The APNs key may not send to this bundle id.",
    next: "Correct the bundle id (topic), or use a key of the team that owns the app.",
  },
  "credential_refused BadTopic": {
    meaning: "APNs knows no app with this bundle id.",
    next: "Correct the bundle id (topic) of the APNs credential.",
  },
  "retries_exhausted BadTopic": {
    meaning: "APNs knows no app with this bundle id.",
    next: "Correct the bundle id (topic) of the APNs credential.",
  },
  "payload_rejected BadTopic": {
    meaning: "APNs knows no app with this bundle id.",
    next: "Correct the bundle id (topic) of the APNs credential.",
  },
  "credential_refused InvalidProviderToken": {
    meaning: "APNs does not accept the key: key, key id and team id do not belong together, or the key was revoked.",
    next: "Set the APNs credential again, with the ids from Apple's developer account, and send again.",
  },
  "retries_exhausted InvalidProviderToken": {
    meaning: "APNs does not accept the key: key, key id and team id do not belong together, or the key was revoked.",
    next: "Set the APNs credential again, with the ids from Apple's developer account, and send again.",
  },
  "credential_refused ExpiredProviderToken": {
    meaning: "APNs takes the proof of identity for too old: the clock of the server is wrong.",
    next: "Set the clock of the server, and send again.",
  },
  "retries_exhausted ExpiredProviderToken": {
    meaning: "APNs takes the proof of identity for too old: the clock of the server is wrong.",
    next: "Set the clock of the server, and send again.",
  },
  "token_gone Unregistered": {
    meaning: "The app was removed from the device, or does not want notifications any more.",
    next: "Nothing: the app registers again when it is next opened.",
  },
  "credential_refused SENDER_ID_MISMATCH": {
    meaning: "The token was made for another Firebase project than that of the credential.",
    next: "Use the service account of the project that the app is built with (its google-services.json names it).",
  },
  "retries_exhausted SENDER_ID_MISMATCH": {
    meaning: "The token was made for another Firebase project than that of the credential.",
    next: "Use the service account of the project that the app is built with (its google-services.json names it).",
  },
  "credential_refused THIRD_PARTY_AUTH_ERROR": {
    meaning: "The Firebase project lacks the credential of the platform that the token belongs to.",
    next: "Add the APNs key, or the web push key, in the settings of the Firebase project.",
  },
  "retries_exhausted THIRD_PARTY_AUTH_ERROR": {
    meaning: "The Firebase project lacks the credential of the platform that the token belongs to.",
    next: "Add the APNs key, or the web push key, in the settings of the Firebase project.",
  },
  "credential_refused PERMISSION_DENIED": {
    meaning: "The service account may not send messages.",
    next: "Give it the role Firebase Cloud Messaging API Admin, and enable that API in the project.",
  },
  "retries_exhausted PERMISSION_DENIED": {
    meaning: "The service account may not send messages.",
    next: "Give it the role Firebase Cloud Messaging API Admin, and enable that API in the project.",
  },
  "credential_refused UNAUTHENTICATED": {
    meaning: "Google does not accept the service account: its key was removed, or the clock of the server is wrong.",
    next: "Upload a new key of the service account, and send again.",
  },
  "retries_exhausted UNAUTHENTICATED": {
    meaning: "Google does not accept the service account: its key was removed, or the clock of the server is wrong.",
    next: "Upload a new key of the service account, and send again.",
  },
  "credential_refused INVALID_ARGUMENT: token": {
    meaning: "The token is none that FCM gives out.",
    next: "Look at what the app registers as its device token; the other devices are not affected.",
  },
  "retries_exhausted INVALID_ARGUMENT: token": {
    meaning: "The token is none that FCM gives out.",
    next: "Look at what the app registers as its device token; the other devices are not affected.",
  },
  "retries_exhausted QUOTA_EXCEEDED": {
    meaning: "More was sent than Google allows the project in a minute.",
    next: "Send again to those that failed, or ask Google for a higher quota.",
  },
  "token_gone UNREGISTERED": {
    meaning: "The app was removed from the device, or got a new token.",
    next: "Nothing: the app registers again when it is next opened.",
  },
  "credential_refused status 401": {
    meaning: "The provider does not accept the credential.",
    next: "Set the credential again; for WNS, tenant, client id and secret as the app registration has them.",
  },
  "retries_exhausted status 401": {
    meaning: "The provider does not accept the credential.",
    next: "Set the credential again; for WNS, tenant, client id and secret as the app registration has them.",
  },
  "credential_refused status 403": {
    meaning: "The provider does not let this credential send to the device: for WNS, its channel belongs to another app.",
    next: "Use the credential of the app that the device registers from.",
  },
  "retries_exhausted status 403": {
    meaning: "The provider does not let this credential send to the device: for WNS, its channel belongs to another app.",
    next: "Use the credential of the app that the device registers from.",
  },
  "credential_refused Domain Blocked": {
    meaning: "Microsoft blocked this sender because of abuse.",
    next: "Ask Microsoft's developer support to lift it.",
  },
  "retries_exhausted Domain Blocked": {
    meaning: "Microsoft blocked this sender because of abuse.",
    next: "Ask Microsoft's developer support to lift it.",
  },
  "payload_rejected dropped": {
    meaning: "WNS dropped it: the device does not take this type of notification, or it was switched off there.",
    next: "Look at the type (wp-type), and at the settings of the device.",
  },
}
