// Made by `npm run generate` from openapi/admin.json; do not edit.
export interface paths {
    "/admin/v1/administrators": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the administrators. */
        get: operations["getAdministrators"];
        put?: never;
        /** Creates an administrator, whose first password the caller chooses. */
        post: operations["postAdministrators"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/administrators/{administrator}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Changes scope, applications or password of an administrator and ends their sessions. */
        put: operations["putAdministratorsByAdministrator"];
        post?: never;
        /** Removes an administrator and ends their sessions. */
        delete: operations["deleteAdministratorsByAdministrator"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/administrators/{administrator}/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the sessions of an administrator, the one that was used last first. */
        get: operations["getAdministratorsByAdministratorSessions"];
        put?: never;
        post?: never;
        /** Logs an administrator out everywhere. */
        delete: operations["deleteAdministratorsByAdministratorSessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/administrators/{administrator}/sessions/{session}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Ends one session of an administrator. */
        delete: operations["deleteAdministratorsByAdministratorSessionsBySession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/applications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the applications that the caller may see. */
        get: operations["getApplications"];
        put?: never;
        /** Creates an application with a key of each type. */
        post: operations["postApplications"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/applications/{applicationId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns an application without its keys. */
        get: operations["getApplicationsByApplicationId"];
        /** Changes the name or the security preset, which is in force within five seconds. */
        put: operations["putApplicationsByApplicationId"];
        post?: never;
        /** Deletes an application: its keys stop working within seconds, its devices are removed. */
        delete: operations["deleteApplicationsByApplicationId"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/applications/{applicationId}/audience": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Counts whom a message would be for that is published now. */
        get: operations["getApplicationsByApplicationIdAudience"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/applications/{applicationId}/channels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the channels of an application by name, or those whose name begins so, with their sizes by platform. */
        get: operations["getApplicationsByApplicationIdChannels"];
        put?: never;
        /** Creates a channel without members. */
        post: operations["postApplicationsByApplicationIdChannels"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/applications/{applicationId}/channels/{channel}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns a channel with its size by platform. */
        get: operations["getApplicationsByApplicationIdChannelsByChannel"];
        put?: never;
        post?: never;
        /** Deletes a channel at once; its members leave it within minutes. A device that was in no other channel is not registered any more then. */
        delete: operations["deleteApplicationsByApplicationIdChannelsByChannel"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/applications/{applicationId}/credentials": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the provider credentials of an application, without their secrets. */
        get: operations["getApplicationsByApplicationIdCredentials"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/applications/{applicationId}/credentials/{provider}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Checks, seals and stores a provider credential; it is used from the next second on. */
        put: operations["putApplicationsByApplicationIdCredentialsByProvider"];
        post?: never;
        /** Removes a provider credential. */
        delete: operations["deleteApplicationsByApplicationIdCredentialsByProvider"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/applications/{applicationId}/credentials/{provider}/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks the provider whether a credential works, with a push that reaches nobody; for 20 seconds at most. */
        post: operations["postApplicationsByApplicationIdCredentialsByProviderCheck"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/applications/{applicationId}/credentials/{provider}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lets a paused credential send again. */
        post: operations["postApplicationsByApplicationIdCredentialsByProviderResume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/applications/{applicationId}/device-export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Streams the devices of an application, or of one of its channels, as CSV. */
        get: operations["getApplicationsByApplicationIdDeviceExport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/applications/{applicationId}/device-imports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Registers up to 1 000 devices, and says of each row that could not be registered why. */
        post: operations["postApplicationsByApplicationIdDeviceImports"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/applications/{applicationId}/device-messages/{deviceId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the latest messages for a device with what became of each, in words, the latest first; also for a device that is gone, with when and why it left. */
        get: operations["getApplicationsByApplicationIdDeviceMessagesByDeviceId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/applications/{applicationId}/device-searches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Finds the devices that registered a token, the one that receives first. */
        post: operations["postApplicationsByApplicationIdDeviceSearches"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/applications/{applicationId}/devices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists or searches the devices of an application in the order of their first registration. */
        get: operations["getApplicationsByApplicationIdDevices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/applications/{applicationId}/devices/{deviceId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns a device without its token: where its messages go, who receives for it, and its history. */
        get: operations["getApplicationsByApplicationIdDevicesByDeviceId"];
        put?: never;
        post?: never;
        /** Removes a device from all channels, as if it had cancelled its registration. */
        delete: operations["deleteApplicationsByApplicationIdDevicesByDeviceId"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/applications/{applicationId}/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Says whether a request with a key (or host name) and a user may do something, and which rule decides. */
        get: operations["getApplicationsByApplicationIdExplain"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/applications/{applicationId}/hosts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the host names that serve the application as /api/…. */
        get: operations["getApplicationsByApplicationIdHosts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/applications/{applicationId}/hosts/{host}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Serves the application under a host name with the rights of a key, and of a role if one is named. */
        put: operations["putApplicationsByApplicationIdHostsByHost"];
        post?: never;
        /** Unbinds a host name; it serves nothing any more within five seconds. */
        delete: operations["deleteApplicationsByApplicationIdHostsByHost"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/applications/{applicationId}/issuers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the identity providers whose tokens are user tokens of the application. */
        get: operations["getApplicationsByApplicationIdIssuers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/applications/{applicationId}/issuers/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Adds or replaces an identity provider and reads its key set; in force within five seconds. */
        put: operations["putApplicationsByApplicationIdIssuersByName"];
        post?: never;
        /** Removes an identity provider: its tokens are refused within five seconds. Its users stay. */
        delete: operations["deleteApplicationsByApplicationIdIssuersByName"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/applications/{applicationId}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the API keys of an application; the keys themselves only on demand. */
        get: operations["getApplicationsByApplicationIdKeys"];
        put?: never;
        /** Adds an API key. */
        post: operations["postApplicationsByApplicationIdKeys"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/applications/{applicationId}/keys/{keyNumber}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Changes label, role, expiration, addresses or limit of an API key; in force within five seconds. */
        put: operations["putApplicationsByApplicationIdKeysByKeyNumber"];
        post?: never;
        /** Ends an API key within five seconds, and the host names that are bound to it. */
        delete: operations["deleteApplicationsByApplicationIdKeysByKeyNumber"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/applications/{applicationId}/keys/{keyNumber}/regenerate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Replaces an API key; the old one still works for some hours. */
        post: operations["postApplicationsByApplicationIdKeysByKeyNumberRegenerate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/applications/{applicationId}/message-previews": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says whom a message would be for, what each provider would get, and what phones would show. */
        post: operations["postApplicationsByApplicationIdMessagePreviews"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/applications/{applicationId}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the messages of an application, the latest first. */
        get: operations["getApplicationsByApplicationIdMessages"];
        put?: never;
        /** Publishes a message to the devices of a channel. */
        post: operations["postApplicationsByApplicationIdMessages"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/applications/{applicationId}/messages/{messageId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Says how a message is going: outcomes that add up to the audience, state, rate and time left. */
        get: operations["getApplicationsByApplicationIdMessagesByMessageId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/applications/{applicationId}/messages/{messageId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancels a message: nothing starts any more from two seconds after the answer. */
        post: operations["postApplicationsByApplicationIdMessagesByMessageIdCancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/applications/{applicationId}/messages/{messageId}/devices/{deviceId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Says what became of a message for one device, and why. */
        get: operations["getApplicationsByApplicationIdMessagesByMessageIdDevicesByDeviceId"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/applications/{applicationId}/messages/{messageId}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Streams the report of a message while it changes. */
        get: operations["getApplicationsByApplicationIdMessagesByMessageIdEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/applications/{applicationId}/messages/{messageId}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Pauses a message: nothing starts any more from two seconds after the answer. */
        post: operations["postApplicationsByApplicationIdMessagesByMessageIdPause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/applications/{applicationId}/messages/{messageId}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Publishes a message again to those of its devices that it failed for; never to one that accepted it. */
        post: operations["postApplicationsByApplicationIdMessagesByMessageIdResend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/applications/{applicationId}/messages/{messageId}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Resumes a paused message. */
        post: operations["postApplicationsByApplicationIdMessagesByMessageIdResume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/applications/{applicationId}/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Counts the devices of an application by platform, and its channels, and says where messages go. */
        get: operations["getApplicationsByApplicationIdOverview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/applications/{applicationId}/permissions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns all that decides who may do what: the preset's grants, the roles and the rules. */
        get: operations["getApplicationsByApplicationIdPermissions"];
        /** Sets one rule, or takes it away with inherit; in force within five seconds. */
        put: operations["putApplicationsByApplicationIdPermissions"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/applications/{applicationId}/phones": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the virtual phones of an application with what they show. */
        get: operations["getApplicationsByApplicationIdPhones"];
        put?: never;
        /** Registers a virtual phone in the sandbox. */
        post: operations["postApplicationsByApplicationIdPhones"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/applications/{applicationId}/phones/{deviceId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Removes a virtual phone and its registration. */
        delete: operations["deleteApplicationsByApplicationIdPhonesByDeviceId"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/applications/{applicationId}/phones/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Streams what the virtual phones of an application get. */
        get: operations["getApplicationsByApplicationIdPhonesEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/applications/{applicationId}/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the roles of an application: the system roles, then the custom ones. */
        get: operations["getApplicationsByApplicationIdRoles"];
        put?: never;
        /** Adds a custom role, which no rule grants anything yet. */
        post: operations["postApplicationsByApplicationIdRoles"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/applications/{applicationId}/roles/{role}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Deletes a custom role with its rules; one that a key or a host name is bound to stays. */
        delete: operations["deleteApplicationsByApplicationIdRolesByRole"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/applications/{applicationId}/statistics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Counts registrations, messages and outcomes of an application by hour or day. */
        get: operations["getApplicationsByApplicationIdStatistics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/applications/{applicationId}/user-settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns how users register and log in. */
        get: operations["getApplicationsByApplicationIdUserSettings"];
        /** Changes how users register and log in; in force within five seconds. */
        put: operations["putApplicationsByApplicationIdUserSettings"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/applications/{applicationId}/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the users of an application in the order of their creation, or searches them by identity. */
        get: operations["getApplicationsByApplicationIdUsers"];
        put?: never;
        /** Creates a user, whether or not apps may register users. */
        post: operations["postApplicationsByApplicationIdUsers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/applications/{applicationId}/users/{userId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns a user. */
        get: operations["getApplicationsByApplicationIdUsersByUserId"];
        /** Changes a user; a new password and the status DISABLED end every login within five seconds. */
        put: operations["putApplicationsByApplicationIdUsersByUserId"];
        post?: never;
        /** Removes a user with every login and every rule that speaks of them. Their devices stay registered. */
        delete: operations["deleteApplicationsByApplicationIdUsersByUserId"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/applications/{applicationId}/users/{userId}/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Gives a user exactly these custom roles; in force within five seconds. */
        put: operations["putApplicationsByApplicationIdUsersByUserIdRoles"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/applications/{applicationId}/users/{userId}/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Logs a user out everywhere, also from tokens that an identity provider issued until now. */
        delete: operations["deleteApplicationsByApplicationIdUsersByUserIdSessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists who changed what, the latest first; for a caller who is restricted, of one application. */
        get: operations["getAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/audit/verification": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Recomputes the chain of the audit log and says whether every entry is as it was written. */
        get: operations["getAuditVerification"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns this document. */
        get: operations["getOpenapiJson"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/sandbox/journal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns what the devices of the sandbox received, the earliest first, as a phone would show it. */
        get: operations["getSandboxJournal"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/server": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Returns what there is to know of the server: version, store, sandbox, limits. */
        get: operations["getServer"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Says who is calling and what the caller may do. */
        get: operations["getSession"];
        put?: never;
        /** Begins a session in the browser, with a cookie. A session that the browser had ends. */
        post: operations["postSession"];
        /** Ends the session. */
        delete: operations["deleteSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/session/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Changes the caller's own password. Every other session ends, this one goes on under a new id. */
        put: operations["putSessionPassword"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the sessions of the caller, the one that was used last first. */
        get: operations["getSessions"];
        put?: never;
        post?: never;
        /** Ends every session of the caller, this one too. */
        delete: operations["deleteSessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/sessions/{session}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Ends one session of the caller. */
        delete: operations["deleteSessionsBySession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Redeems a setup link: creates an administrator who may do everything, and begins a session. */
        post: operations["postSetup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the API tokens, without their text. */
        get: operations["getTokens"];
        put?: never;
        /** Creates an API token for automation. */
        post: operations["postTokens"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/v1/tokens/{token}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revokes an API token; it is refused from now on. */
        delete: operations["deleteTokensByToken"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Administrator: {
            /** @description Ids of the applications that it is restricted to; null: all, and the server as a whole. */
            applications: string[] | null;
            /** @description Milliseconds since 1970. */
            createdAt: number;
            lastLoginAt: number | null;
            name: string;
            number: number;
            /** @description Each includes those before it. */
            scope: "read" | "operate" | "administer";
        };
        AdministratorToken: {
            /** @description Ids of the applications that it is restricted to; null: all, and the server as a whole. */
            applications: string[] | null;
            /** @description Milliseconds since 1970. */
            createdAt: number;
            expiresAt: number | null;
            label: string;
            /** @description At most a minute older than the last use. */
            lastUsedAt: number | null;
            number: number;
            /** @description Each includes those before it. */
            scope: "read" | "operate" | "administer";
        };
        Caller: {
            /** @description Ids of the applications that it is restricted to; null: all, and the server as a whole. */
            applications: string[] | null;
            /** @description When the session or token ends in any case. */
            endsAt: number | null;
            /** @description A session without a request for so long is over. */
            idleMs: number | null;
            kind: "session" | "token";
            name: string;
            /** @description Of the administrator, or of the token. */
            number: number;
            /** @description Each includes those before it. */
            scope: "read" | "operate" | "administer";
        };
        Channel: {
            /** @description Milliseconds since 1970. */
            createdAt: number;
            devices: components["schemas"]["DeviceCounts"];
            name: string;
        };
        CredentialCheckup: {
            ok: boolean;
            /** @description In their order, up to the first that failed. */
            steps: {
                /** @description What to do, when it is not well. */
                advice?: string;
                /** @description What was seen. */
                detail: string;
                name: "credential" | "connection" | "authorization" | "push";
                ok: boolean;
            }[];
        };
        /** @description Where the messages of an application go on one platform. */
        Delivery: {
            platform: "ios" | "osx" | "android" | "wp";
            provider: "apns" | "fcm" | "wns";
            /** @description none: there is no credential, and the sandbox is off. held: the server's master key is missing or wrong, and messages wait for it. */
            to: "provider" | "sandbox" | "none" | "held";
        };
        Device: {
            channels: string[];
            /** @description Milliseconds since 1970. */
            createdAt: number;
            deviceId: string;
            expiresAt: number | null;
            objectId: string;
            os: string;
            osVersion: string;
            /** @description False while a later registration has the same token. */
            receives: boolean;
            /** @description Milliseconds since 1970. */
            registeredAt: number;
            /** @description The first 8 hexadecimal digits of the token's SHA-256, as in logs. */
            tokenHash: string;
            tokenLength: number;
            userId: string | null;
        };
        DeviceCounts: {
            android: number;
            ios: number;
            osx: number;
            /** @description Systems without a provider: registered, never pushed to. */
            other: number;
            wp: number;
        };
        DeviceDetails: {
            channels: string[];
            /** @description Milliseconds since 1970. */
            createdAt: number;
            /** @description Where its messages go; null for an operating system without a push provider. */
            delivery: components["schemas"]["Delivery"] | null;
            deviceId: string;
            expiresAt: number | null;
            /** @description Earlier registrations of this device id that are gone, the latest first, of 30 days. */
            history: {
                /** @description The provider's word for token_gone, else empty. */
                detail: string;
                /** @description Milliseconds since 1970. */
                leftAt: number;
                /** @description unregistered, expired or token_gone. */
                reason: string;
            }[];
            objectId: string;
            os: string;
            osVersion: string;
            /** @description The id of the device that receives in its place, because it registered the same token later; null when this one receives. */
            receivedBy: string | null;
            /** @description False while a later registration has the same token. */
            receives: boolean;
            /** @description Milliseconds since 1970. */
            registeredAt: number;
            /** @description The first 8 hexadecimal digits of the token's SHA-256, as in logs. */
            tokenHash: string;
            tokenLength: number;
            userId: string | null;
        };
        DeviceImport: {
            /** @description Each as an app would register it. More are imported with more calls. */
            devices: {
                channels?: string[] | null;
                /** @description At most 45 characters. */
                deviceId: string;
                /** @description The token that the provider gave the app: at most 256 characters, 1 024 for WP. */
                deviceToken: string;
                /** @description As in a registration: milliseconds, seconds or ISO-8601 text. None, null or 0: never. */
                expiration?: number | string | null;
                /** @description IOS, ANDROID, WP or OSX; any other text is stored and never pushed to. At most 15 characters. */
                os: string;
                /** @description At most 45 characters. */
                osVersion: string;
            }[];
        };
        DeviceMessages: {
            /** @description Earlier registrations of this device id that are gone, the latest first, of 30 days. */
            history: {
                /** @description The provider's word for token_gone, else empty. */
                detail: string;
                /** @description Milliseconds since 1970. */
                leftAt: number;
                /** @description unregistered, expired or token_gone. */
                reason: string;
            }[];
            messages: {
                /** @description Milliseconds since 1970. */
                acceptedAt: number;
                channel: string;
                headers: {
                    [key: string]: string;
                };
                message: unknown;
                messageId: string;
                next: string;
                outcome?: {
                    kind: string;
                    reason: string;
                };
                retry?: {
                    attempts: number;
                    lastReason: string;
                    /** @description Milliseconds since 1970. */
                    notBefore: number;
                };
                settledBetween?: number[];
                /** @description Of the message: running, paused, finished, cancelled or failed. */
                state: string;
                summary: string;
                /** @description settled, retrying, pending, not_in_audience or not_registered. */
                verdict: string;
            }[];
            next: string | null;
        };
        DeviceSearch: {
            /** @description The `next` of the page before. */
            cursor?: string;
            /** @description The whole token, as the app registered it. */
            deviceToken: string;
            /** @default 50 */
            limit: number;
        };
        /** @description What every error answers with. */
        Error: {
            /** @description Stable; docs/errors.md explains each. */
            code: number;
            /** @description More about the occurrence. */
            errorData: {
                /** @description Where the error is explained. */
                docs: string;
                /** @description The length that was found. */
                length?: number;
                /** @description The limit that was exceeded. */
                limit?: number;
                /** @description The property or header that is wrong. */
                property?: string;
            };
            /** @description For people: what was wrong, where, and what would be right. */
            message: string;
        };
        ImportedDevices: {
            /** @description Devices that had no registration before. */
            created: number;
            /** @description Rows of which nothing was stored. All others are on stable storage. */
            refused: {
                /** @description Of the error, see docs/errors.md. */
                code: number;
                /** @description Of the row, from 0. */
                index: number;
                message: string;
            }[];
            /** @description Devices whose registration was there, with what is in the row now. */
            renewed: number;
        };
        Issuer: {
            /** @description Signatures that its tokens may have, and no others. */
            algorithms: ("EdDSA" | "ES256" | "RS256")[];
            /** @description Milliseconds since 1970. */
            changedAt: number;
            /** @description What its tokens say in `iss`. */
            issuer: string;
            jwks: {
                keys: {
                    [key: string]: unknown;
                }[];
            } | null;
            jwksUrl: string | null;
            /** @description The keys that are known at this moment; null: none was needed yet, or none can be read. */
            keyIds: string[] | null;
            name: string;
            /** @description Why the key set could not be read when it was last tried. */
            problem: string | null;
            rolesClaim: string | null;
        };
        MessagePreview: {
            /** @description Whom it would be for now; null while the body is not a message. */
            audience: {
                devices: components["schemas"]["DeviceCounts"];
                /** @description False: publishing would create the channel. */
                exists: boolean;
                total: number;
                unknownDeviceIds: string[];
            } | null;
            /** @description One for each platform that the message is for. */
            payloads: {
                /** @description What counts against the limit. */
                bytes: number;
                fits: boolean;
                /** @description Request headers that change what the provider or the phone does with it. */
                headers: {
                    [key: string]: string;
                };
                limit: number;
                /** @description What the provider would get: JSON for APNs and FCM, XML or text for WNS. */
                payload: string;
                platform: "ios" | "osx" | "android" | "wp";
                provider: "apns" | "fcm" | "wns";
                shown: components["schemas"]["ShownNotification"];
            }[];
            /** @description Why publishing it would be refused; none: it would be accepted. */
            problems: {
                message: string;
                property: string;
            }[];
        };
        NewPhone: {
            /** @description Created if they do not exist. None: the channel `default`. */
            channels?: string[];
            /** @description For people. */
            name?: string;
            os: "IOS" | "ANDROID" | "WP";
        };
        /** @description A virtual phone: a device of the sandbox that people can look at. */
        Phone: {
            channels: string[];
            /** @description Milliseconds since 1970. */
            createdAt: number;
            deviceId: string;
            name: string;
            /** @description What arrived since the server was started, the latest first, at most 20. */
            notifications: {
                /** @description Milliseconds since 1970. */
                at: number;
                messageId?: string;
                /** @description Grows with every notification of the application. */
                sequence: number;
                shown: components["schemas"]["ShownNotification"];
            }[];
            os: string;
            /** @description False: the platform has a credential by now, so nothing arrives here any more. */
            sandboxed: boolean;
        };
        /** @description The names that the Backendless dialect has for the audience and policy work as well. */
        Publish: {
            /** @description Whose devices it is for; created if it does not exist. */
            channel: string;
            /** @description At most two copies, or never a second one. Defaults to at-least-once. */
            delivery?: "at-least-once" | "at-most-once";
            /** @description Only these of the channel's devices. Left out: every device. */
            deviceIds?: string[];
            /** @description Push headers such as ios-alert-title or android-content-title, and values for the app. */
            headers?: {
                [key: string]: string | number;
            };
            /** @description What to send: text or any other JSON value. */
            message: unknown;
            /** @description Only these. Left out: every device. */
            platforms?: ("ios" | "osx" | "android" | "wp")[];
            /** @description PUBSUB is stored and pushed to nobody. Defaults to BOTH. */
            policy?: "PUSH" | "PUBSUB" | "BOTH";
            publisherId?: string;
            subtopic?: string;
            ttlSeconds?: number;
        };
        PublishedMessage: {
            /** @description Devices that it is for. */
            audience: number;
            messageId: string;
            /** @description Named by the publish, and not registered with the channel. */
            unknownDeviceIds: string[];
            /** @description How many of them have an operating system without a push provider: nothing is sent to them. */
            unsupported: number;
        };
        Resend: {
            /** @description Which devices, in any number: those with one of these outcomes. Defaults to retries_exhausted and credential_refused. expired and cancelled are those that nothing was sent to; of the suppressed ones, only those that had no credential. */
            outcomes?: ("retries_exhausted" | "credential_refused" | "expired" | "cancelled" | "payload_rejected" | "suppressed")[];
        };
        ResentMessage: {
            /** @description Devices that it is for. */
            audience: number;
            /** @description How many of them left the channel or are not registered any more, and get nothing. */
            departed: number;
            /** @description Devices of the first message that had one of the outcomes. */
            matched: number;
            messageId: string;
            /** @description Named by the publish, and not registered with the channel. */
            unknownDeviceIds: string[];
            /** @description How many of them have an operating system without a push provider: nothing is sent to them. */
            unsupported: number;
        };
        Server: {
            limits: {
                /** @description Characters. */
                applicationName: number;
                bodyBytes: number;
                /** @description Characters. */
                channelName: number;
                channelsPerDevice: number;
                /** @description Characters. */
                deviceId: number;
                deviceIdsPerPublish: number;
                devicesPerImport: number;
                /** @description Characters. */
                deviceToken: number;
                jsonDepth: number;
                /** @description Characters. */
                os: number;
                /** @description Characters. */
                osVersion: number;
                payloadBytes: {
                    apns: number;
                    fcm: number;
                    wns: number;
                };
                phonesPerApplication: number;
                publishBodyBytes: number;
                /** @description So many hours back there are figures for single hours. */
                statisticsHours: number;
                /** @description Characters; a WNS channel is a URL. */
                wpDeviceToken: number;
            };
            sandbox: {
                /** @description At most the first 100 that the caller may see; an overview says it of one. */
                applications: {
                    applicationId: string;
                    delivery: components["schemas"]["Delivery"][];
                }[];
                /** @description Whether there are bundled simulators at all. */
                isOn: boolean;
            };
            /** @description Milliseconds since 1970. */
            startedAt: number;
            /** @description The engine and its state; null for a caller who is restricted to certain applications. */
            store: {
                [key: string]: string;
            } | null;
            /** @description Where the machine itself reaches it; a proxy may serve it elsewhere. */
            url: string | null;
            version: string;
        };
        /** @description How a phone presents a notification. */
        ShownNotification: {
            badge?: number;
            body?: string;
            image?: string;
            /** @description alert, background, data, toast, tile, badge, raw or other. */
            kind: string;
            messageId?: string;
            /** @description Why the phone shows less than was meant, or shows it later. */
            remark?: string;
            /** @description True when the person sees and hears nothing. */
            silent: boolean;
            sound?: string;
            subtitle?: string;
            title?: string;
        };
        Statistics: {
            /** @description Milliseconds since 1970. */
            from: number;
            /** @description One for every hour or day, with 0 where nothing happened; at most 1 000. */
            points: {
                /** @description When the hour or day begins, milliseconds since 1970. */
                at: number;
                /** @description Registrations that ended: cancelled, removed, expired, or with a token that is gone. */
                departed: number;
                /** @description Messages that were published. */
                messages: number;
                outcomes: {
                    accepted: number;
                    cancelled: number;
                    credential_refused: number;
                    expired: number;
                    outcome_unknown: number;
                    payload_rejected: number;
                    retries_exhausted: number;
                    suppressed: number;
                    token_changed: number;
                    token_gone: number;
                };
                /** @description Devices that had no registration before. */
                registered: number;
                /** @description Registrations that were renewed. */
                renewed: number;
            }[];
            step: "hour" | "day";
            /** @description Milliseconds since 1970. */
            to: number;
        };
        User: {
            /** @description Milliseconds since 1970. */
            createdAt: number;
            identity: string | null;
            issuer: string | null;
            /** @description social: came with a token of an identity provider. */
            kind: "registered" | "guest" | "social";
            lastLoginAt: number | null;
            /** @description The app's own properties: at most 100, 16 384 bytes as JSON. */
            properties: {
                [key: string]: unknown;
            };
            /** @description Names of custom roles. */
            roles: string[];
            status: "ENABLED" | "DISABLED" | "GUEST" | "EMAIL_CONFIRMATION_PENDING";
            subject: string | null;
            updatedAt: number | null;
            userId: string;
        };
        UserSettings: {
            /** @description After how many wrong passwords a login is refused with 3036, for one address and a growing time; at most 5 count. 0: after 5, with 90014. */
            failedLoginsLock: number;
            /** @description Whether apps may make guests (3009). */
            guests: boolean;
            /** @description A guest without a login, who can never have one again, is removed so long after the registration, or somewhat later; null: never. */
            guestsKeptMs: number | null;
            /** @description The property that users log in with. */
            identityProperty: string;
            /** @description What else is known, where unknown properties are not kept. */
            knownProperties: string[];
            /** @description Whether users may log in (3034). */
            login: boolean;
            /** @description Without multiple logins: true refuses the second one (3002), false ends the first one. */
            logoutLastUser: boolean;
            /** @description With multiple logins: how many at once (3044); 0: up to 100, the least recently used make room. */
            maxConcurrentLogins: number;
            /** @description Whether a user may be logged in more than once. */
            multipleLogins: boolean;
            /** @description Whether apps may register users (3009). */
            registration: boolean;
            /** @description What a user must have to register (3012), besides identity and password. */
            requiredProperties: string[];
            /** @description A login without a request for so long is over; null: never. */
            sessionIdleMs: number | null;
            /** @description A login is over so long after it began; null: never. */
            sessionLastsMs: number | null;
            /** @description What becomes of properties that are not known: kept, dropped, or refused (3010). */
            unknownProperties: "keep" | "drop" | "refuse";
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getAdministrators: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        administrators: components["schemas"]["Administrator"][];
                    };
                };
            };
        };
    };
    postAdministrators: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Ids of the applications that it is restricted to; null: all, and the server as a whole. */
                    applications?: string[] | null;
                    name: string;
                    password: string;
                    /** @description Each includes those before it. */
                    scope: "read" | "operate" | "administer";
                };
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Administrator"];
                };
            };
        };
    };
    putAdministratorsByAdministrator: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The administrator's number. */
                administrator: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Ids of the applications that it is restricted to; null: all, and the server as a whole. */
                    applications?: string[] | null;
                    password?: string;
                    /** @description Each includes those before it. */
                    scope?: "read" | "operate" | "administer";
                };
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Administrator"];
                };
            };
        };
    };
    deleteAdministratorsByAdministrator: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The administrator's number. */
                administrator: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        done: boolean;
                    };
                };
            };
        };
    };
    getAdministratorsByAdministratorSessions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The administrator's number. */
                administrator: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        sessions: {
                            /** @description Milliseconds since 1970. */
                            createdAt: number;
                            /** @description Milliseconds since 1970; earlier, when it is not used for half an hour. */
                            endsAt: number;
                            /** @description Milliseconds since 1970, at most a minute older than the last use. */
                            lastUsedAt: number;
                            number: number;
                        }[];
                    };
                };
            };
        };
    };
    deleteAdministratorsByAdministratorSessions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The administrator's number. */
                administrator: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        ended: number;
                    };
                };
            };
        };
    };
    deleteAdministratorsByAdministratorSessionsBySession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The administrator's number. */
                administrator: string;
                /** @description The session's number. */
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        done: boolean;
                    };
                };
            };
        };
    };
    getApplications: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        applications: {
                            applicationId: string;
                            /** @description Milliseconds since 1970. */
                            createdAt: number;
                            name: string;
                            preset: string;
                        }[];
                    };
                };
            };
        };
    };
    postApplications: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    /** @description locked (default) or compatible. */
                    preset?: string;
                };
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        apiKeys: {
                            [key: string]: string;
                        };
                        applicationId: string;
                        /** @description Milliseconds since 1970. */
                        createdAt: number;
                        name: string;
                        preset: string;
                    };
                };
            };
        };
    };
    getApplicationsByApplicationId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        applicationId: string;
                        /** @description Milliseconds since 1970. */
                        createdAt: number;
                        name: string;
                        preset: string;
                    };
                };
            };
        };
    };
    putApplicationsByApplicationId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name?: string;
                    preset?: "locked" | "compatible";
                };
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        applicationId: string;
                        /** @description Milliseconds since 1970. */
                        createdAt: number;
                        name: string;
                        preset: string;
                    };
                };
            };
        };
    };
    deleteApplicationsByApplicationId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        done: boolean;
                    };
                };
            };
        };
    };
    getApplicationsByApplicationIdAudience: {
        parameters: {
            query: {
                channel: string;
                /** @description Of ios, osx, android and wp, separated by commas; left out: all. */
                platforms?: string;
            };
            header?: never;
            path: {
                applicationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        devices: components["schemas"]["DeviceCounts"];
                        /** @description False: publishing would create the channel. */
                        exists: boolean;
                        total: number;
                    };
                };
            };
        };
    };
    getApplicationsByApplicationIdChannels: {
        parameters: {
            query?: {
                /** @description The `next` of the page before. */
                cursor?: string;
                limit?: number;
                /** @description Only channels whose name begins with it; capitals matter. */
                namePrefix?: string;
            };
            header?: never;
            path: {
                applicationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        channels: components["schemas"]["Channel"][];
                        next: string | null;
                    };
                };
            };
        };
    };
    postApplicationsByApplicationIdChannels: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                };
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Channel"];
                };
            };
        };
    };
    getApplicationsByApplicationIdChannelsByChannel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
                channel: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Channel"];
                };
            };
        };
    };
    deleteApplicationsByApplicationIdChannelsByChannel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
                channel: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        done: boolean;
                    };
                };
            };
        };
    };
    getApplicationsByApplicationIdCredentials: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        credentials: {
                            pausedAt: number | null;
                            pausedReason: string | null;
                            provider: string;
                            summary: {
                                [key: string]: string;
                            };
                            /** @description Milliseconds since 1970. */
                            updatedAt: number;
                        }[];
                    };
                };
            };
        };
    };
    putApplicationsByApplicationIdCredentialsByProvider: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
                provider: "apns" | "fcm" | "wns";
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description PEM of the authorities to trust for that origin. */
                    ca?: string;
                    /** @description APNs: {key, keyId, teamId, topic, osxTopic?, environment?}; FCM: the service account JSON; WNS: {tenantId, clientId, clientSecret}. */
                    fields: unknown;
                    /** @description A simulator or proxy to send to. */
                    origin?: string;
                };
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        pausedAt: number | null;
                        pausedReason: string | null;
                        provider: string;
                        summary: {
                            [key: string]: string;
                        };
                        /** @description Milliseconds since 1970. */
                        updatedAt: number;
                    };
                };
            };
        };
    };
    deleteApplicationsByApplicationIdCredentialsByProvider: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
                provider: "apns" | "fcm" | "wns";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        done: boolean;
                    };
                };
            };
        };
    };
    postApplicationsByApplicationIdCredentialsByProviderCheck: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
                provider: "apns" | "fcm" | "wns";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CredentialCheckup"];
                };
            };
        };
    };
    postApplicationsByApplicationIdCredentialsByProviderResume: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
                provider: "apns" | "fcm" | "wns";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        done: boolean;
                    };
                };
            };
        };
    };
    getApplicationsByApplicationIdDeviceExport: {
        parameters: {
            query?: {
                /** @description Only the members of this channel. */
                channel?: string;
                /** @description Only this operating system, in any case. */
                os?: string;
                /** @description Also the tokens, in a last column; needs the scope administer, and leaves an entry in the audit log. Defaults to false. */
                tokens?: boolean;
            };
            header?: never;
            path: {
                applicationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
        };
    };
    postApplicationsByApplicationIdDeviceImports: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeviceImport"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportedDevices"];
                };
            };
        };
    };
    getApplicationsByApplicationIdDeviceMessagesByDeviceId: {
        parameters: {
            query?: {
                /** @description Also the messages that were not for this device, with the reason. Defaults to false; a page may then be short and still have a next one. */
                all?: boolean;
                /** @description The `next` of the page before. */
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path: {
                applicationId: string;
                /** @description The device id; it may contain slashes. */
                deviceId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeviceMessages"];
                };
            };
        };
    };
    postApplicationsByApplicationIdDeviceSearches: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeviceSearch"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        devices: components["schemas"]["Device"][];
                        next: string | null;
                    };
                };
            };
        };
    };
    getApplicationsByApplicationIdDevices: {
        parameters: {
            query?: {
                /** @description Only the members of this channel. */
                channel?: string;
                /** @description The `next` of the page before. */
                cursor?: string;
                /** @description Only device ids that begin so. A device whose id is exactly this comes first, at once; for the others, a page looks at a bounded slice of all devices and may be short and still have a next one. */
                deviceIdPrefix?: string;
                limit?: number;
                /** @description Only this operating system, in any case. A page may then be short and still have a next one. */
                os?: string;
                /** @description The first 8 hexadecimal digits of the SHA-256 of the token, as logs and devices show them. Bounded as deviceIdPrefix is. Who has the token itself asks with a POST to device-searches, which answers at once: a token never stands in a URL. */
                tokenHash?: string;
                /** @description Only the devices of this user. Bounded as deviceIdPrefix is. */
                userId?: string;
            };
            header?: never;
            path: {
                applicationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        devices: components["schemas"]["Device"][];
                        next: string | null;
                    };
                };
            };
        };
    };
    getApplicationsByApplicationIdDevicesByDeviceId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
                /** @description The device id; it may contain slashes. */
                deviceId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeviceDetails"];
                };
            };
        };
    };
    deleteApplicationsByApplicationIdDevicesByDeviceId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
                /** @description The device id; it may contain slashes. */
                deviceId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        done: boolean;
                    };
                };
            };
        };
    };
    getApplicationsByApplicationIdExplain: {
        parameters: {
            query: {
                /** @description A channel, for operations that are decided on channels. */
                channel?: string;
                /** @description A host name, instead of a key. */
                host?: string;
                /** @description The number of a key, or a type: then the oldest working key of it. */
                key?: string;
                operation: "device:register" | "device:retrieve" | "device:cancel" | "message:publish" | "message:publish-template" | "message:read" | "message:cancel" | "channel:create" | "channel:delete" | "template:list" | "application:info" | "user:register" | "user:login" | "user:session";
                /** @description The id of a user who is logged in. */
                user?: string;
            };
            header?: never;
            path: {
                applicationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Whether such a request succeeds. */
                        allowed: boolean;
                        channel: string | null;
                        decidedBy: {
                            access: "grant" | "deny";
                            level: "channel_user" | "channel_custom_roles" | "channel_system_roles" | "application_custom_roles" | "application_system_roles" | "preset";
                            /** @description The role or the user whom the rule is about; for the preset, its name. */
                            subject: string;
                        };
                        /** @description Every role that the request runs with. */
                        roles: string[];
                        /** @description The operation, and channel:create when it would have to create the channel: all must be allowed. */
                        steps: {
                            allowed: boolean;
                            decidedBy: {
                                access: "grant" | "deny";
                                level: "channel_user" | "channel_custom_roles" | "channel_system_roles" | "application_custom_roles" | "application_system_roles" | "preset";
                                /** @description The role or the user whom the rule is about; for the preset, its name. */
                                subject: string;
                            };
                            /** @description In the order in which they are asked, with the rules that speak of the request. */
                            levels: {
                                level: "channel_user" | "channel_custom_roles" | "channel_system_roles" | "application_custom_roles" | "application_system_roles";
                                rules: {
                                    access: "grant" | "deny";
                                    subject: string;
                                }[];
                            }[];
                            operation: "device:register" | "device:retrieve" | "device:cancel" | "message:publish" | "message:publish-template" | "message:read" | "message:cancel" | "channel:create" | "channel:delete" | "template:list" | "application:info" | "user:register" | "user:login" | "user:session";
                            presetGrantsTo: string[];
                        }[];
                        summary: string;
                    };
                };
            };
        };
    };
    getApplicationsByApplicationIdHosts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        hosts: {
                            /** @description Milliseconds since 1970. */
                            createdAt: number;
                            host: string;
                            keyKind: "REST" | "JS" | "ANDROID" | "IOS" | "WP" | "BL" | "AS" | "CUSTOM";
                            keyNumber: number;
                            role: string | null;
                        }[];
                    };
                };
            };
        };
    };
    putApplicationsByApplicationIdHostsByHost: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
                /** @description A host name without a port. */
                host: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description The number of a key, or a type: then the oldest working key of it. Defaults to JS. */
                    key?: number | string;
                    /** @description A custom role that requests run with besides. */
                    role?: string | null;
                };
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Milliseconds since 1970. */
                        createdAt: number;
                        host: string;
                        keyKind: "REST" | "JS" | "ANDROID" | "IOS" | "WP" | "BL" | "AS" | "CUSTOM";
                        keyNumber: number;
                        role: string | null;
                    };
                };
            };
        };
    };
    deleteApplicationsByApplicationIdHostsByHost: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
                /** @description A host name without a port. */
                host: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        done: boolean;
                    };
                };
            };
        };
    };
    getApplicationsByApplicationIdIssuers: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        issuers: components["schemas"]["Issuer"][];
                    };
                };
            };
        };
    };
    putApplicationsByApplicationIdIssuersByName: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
                /** @description Letters, digits, dots, underscores and dashes; at most 50. */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Signatures that its tokens may have, and no others. */
                    algorithms: ("EdDSA" | "ES256" | "RS256")[];
                    /** @description What its tokens say in `iss`, exactly. */
                    issuer: string;
                    /** @description A JWKS of public keys, each with a kid. */
                    jwks?: {
                        keys: {
                            [key: string]: unknown;
                        }[];
                    };
                    /** @description Where the key set is: https on port 443, at public addresses. Or give jwks. */
                    jwksUrl?: string;
                    /** @description The claim that names custom roles: its name, or a path such as realm_access.roles. */
                    rolesClaim?: string | null;
                };
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Issuer"];
                };
            };
        };
    };
    deleteApplicationsByApplicationIdIssuersByName: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
                /** @description Letters, digits, dots, underscores and dashes; at most 50. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        done: boolean;
                    };
                };
            };
        };
    };
    getApplicationsByApplicationIdKeys: {
        parameters: {
            query?: {
                /** @description Show the keys themselves; needs the scope administer. Defaults to false. */
                reveal?: boolean;
            };
            header?: never;
            path: {
                applicationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        keys: {
                            /** @description The addresses and CIDR ranges that the key is accepted from; none: everywhere. */
                            addresses: string[];
                            /** @description Milliseconds since 1970. */
                            createdAt: number;
                            expiresAt: number | null;
                            /** @description The API key itself, only with `reveal=true`. */
                            key?: string;
                            kind: "REST" | "JS" | "ANDROID" | "IOS" | "WP" | "BL" | "AS" | "CUSTOM";
                            label: string;
                            /** @description At most a minute older than the last use, by either key or by a host name. */
                            lastUsedAt: number | null;
                            /** @description Stays the same when the key is regenerated. */
                            number: number;
                            /** @description Until then the key that was replaced last works beside the present one. */
                            previousUntil: number | null;
                            regeneratedAt: number | null;
                            /** @description How many requests with it are answered; null: as many as the setting rate-per-key says. */
                            requestsPerSecond: number | null;
                            role: string | null;
                        }[];
                    };
                };
            };
        };
    };
    postApplicationsByApplicationIdKeys: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Addresses and CIDR ranges of IPv4 and IPv6 that the key is accepted from, such as 203.0.113.7 and 2001:db8::/32; none: everywhere. Elsewhere it is answered as a wrong key, and so are host names that are bound to it. */
                    addresses?: string[];
                    /** @description None or null: never. */
                    expiresAt?: number | null;
                    kind: "REST" | "JS" | "ANDROID" | "IOS" | "WP" | "BL" | "AS" | "CUSTOM";
                    /** @description What it is for, at most 100 characters. */
                    label?: string;
                    /** @description How many requests with it are answered, on average over ten seconds and by each server, instead of as many as the setting rate-per-key says; null: those. The limit of the application holds besides. */
                    requestsPerSecond?: number | null;
                    /** @description A custom role that requests with the key run with; a CUSTOM key needs one. */
                    role?: string | null;
                };
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The addresses and CIDR ranges that the key is accepted from; none: everywhere. */
                        addresses: string[];
                        /** @description Milliseconds since 1970. */
                        createdAt: number;
                        expiresAt: number | null;
                        /** @description The API key itself. */
                        key: string;
                        kind: "REST" | "JS" | "ANDROID" | "IOS" | "WP" | "BL" | "AS" | "CUSTOM";
                        label: string;
                        /** @description At most a minute older than the last use, by either key or by a host name. */
                        lastUsedAt: number | null;
                        /** @description Stays the same when the key is regenerated. */
                        number: number;
                        /** @description Until then the key that was replaced last works beside the present one. */
                        previousUntil: number | null;
                        regeneratedAt: number | null;
                        /** @description How many requests with it are answered; null: as many as the setting rate-per-key says. */
                        requestsPerSecond: number | null;
                        role: string | null;
                    };
                };
            };
        };
    };
    putApplicationsByApplicationIdKeysByKeyNumber: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
                /** @description The number of the key in the list. */
                keyNumber: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Addresses and CIDR ranges of IPv4 and IPv6 that the key is accepted from, such as 203.0.113.7 and 2001:db8::/32; none: everywhere. Elsewhere it is answered as a wrong key, and so are host names that are bound to it. */
                    addresses?: string[];
                    /** @description Later than now; null: it never expires. */
                    expiresAt?: number | null;
                    /** @description What it is for, at most 100 characters. */
                    label?: string;
                    /** @description How many requests with it are answered, on average over ten seconds and by each server, instead of as many as the setting rate-per-key says; null: those. The limit of the application holds besides. */
                    requestsPerSecond?: number | null;
                    /** @description A custom role that requests with the key run with; null: none, which a CUSTOM key cannot have. */
                    role?: string | null;
                };
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The addresses and CIDR ranges that the key is accepted from; none: everywhere. */
                        addresses: string[];
                        /** @description Milliseconds since 1970. */
                        createdAt: number;
                        expiresAt: number | null;
                        kind: "REST" | "JS" | "ANDROID" | "IOS" | "WP" | "BL" | "AS" | "CUSTOM";
                        label: string;
                        /** @description At most a minute older than the last use, by either key or by a host name. */
                        lastUsedAt: number | null;
                        /** @description Stays the same when the key is regenerated. */
                        number: number;
                        /** @description Until then the key that was replaced last works beside the present one. */
                        previousUntil: number | null;
                        regeneratedAt: number | null;
                        /** @description How many requests with it are answered; null: as many as the setting rate-per-key says. */
                        requestsPerSecond: number | null;
                        role: string | null;
                    };
                };
            };
        };
    };
    deleteApplicationsByApplicationIdKeysByKeyNumber: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
                /** @description The number of the key in the list. */
                keyNumber: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        done: boolean;
                        /** @description The host names that were bound to it and are unbound now. */
                        hosts: string[];
                    };
                };
            };
        };
    };
    postApplicationsByApplicationIdKeysByKeyNumberRegenerate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
                /** @description The number of the key in the list. */
                keyNumber: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description How long the old key still works.
                     * @default 24
                     */
                    overlapHours?: number;
                };
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The addresses and CIDR ranges that the key is accepted from; none: everywhere. */
                        addresses: string[];
                        /** @description Milliseconds since 1970. */
                        createdAt: number;
                        expiresAt: number | null;
                        /** @description The API key itself. */
                        key: string;
                        kind: "REST" | "JS" | "ANDROID" | "IOS" | "WP" | "BL" | "AS" | "CUSTOM";
                        label: string;
                        /** @description At most a minute older than the last use, by either key or by a host name. */
                        lastUsedAt: number | null;
                        /** @description Stays the same when the key is regenerated. */
                        number: number;
                        /** @description Until then the key that was replaced last works beside the present one. */
                        previousUntil: number | null;
                        regeneratedAt: number | null;
                        /** @description How many requests with it are answered; null: as many as the setting rate-per-key says. */
                        requestsPerSecond: number | null;
                        role: string | null;
                    };
                };
            };
        };
    };
    postApplicationsByApplicationIdMessagePreviews: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Publish"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessagePreview"];
                };
            };
        };
    };
    getApplicationsByApplicationIdMessages: {
        parameters: {
            query?: {
                /** @description The `next` of the page before. */
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path: {
                applicationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        messages: {
                            /** @description Milliseconds since 1970. */
                            acceptedAt: number;
                            /** @description Of a message that was sent again: which it was, and to those with which outcomes. */
                            again: {
                                messageId: string;
                                outcomes: string[];
                            } | null;
                            /** @description counts and pending add up to it. */
                            audience: number;
                            channel: string;
                            counts: {
                                accepted: number;
                                cancelled: number;
                                credential_refused: number;
                                expired: number;
                                outcome_unknown: number;
                                payload_rejected: number;
                                retries_exhausted: number;
                                suppressed: number;
                                token_changed: number;
                                token_gone: number;
                            };
                            delivery: string;
                            /** @description Milliseconds since 1970. */
                            expiresAt: number;
                            headers: {
                                [key: string]: string;
                            };
                            message: unknown;
                            messageId: string;
                            /** @description What pending devices wait for beyond their turn, most devices first: docs/outcomes.md lists it. Empty in lists of messages. */
                            obstacles: {
                                devices: number;
                                obstacle: string;
                            }[];
                            pending: number;
                            platforms: string[] | null;
                            policy: string;
                            ratePerSecond: number;
                            reasons: {
                                count: number;
                                kind: string;
                                reason: string;
                            }[];
                            retrying: number;
                            secondsLeft: number | null;
                            /** @description running, paused, finished, cancelled or failed. */
                            state: string;
                            /** @description Milliseconds since 1970. */
                            stateChangedAt: number;
                            unknownDeviceIds: string[];
                        }[];
                        next: string | null;
                    };
                };
            };
        };
    };
    postApplicationsByApplicationIdMessages: {
        parameters: {
            query?: never;
            header?: {
                /** @description Visible ASCII. The same key with the same request within 24 hours answers with the first message. */
                "Idempotency-Key"?: string;
            };
            path: {
                applicationId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Publish"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PublishedMessage"];
                };
            };
        };
    };
    getApplicationsByApplicationIdMessagesByMessageId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
                messageId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Milliseconds since 1970. */
                        acceptedAt: number;
                        /** @description Of a message that was sent again: which it was, and to those with which outcomes. */
                        again: {
                            messageId: string;
                            outcomes: string[];
                        } | null;
                        /** @description counts and pending add up to it. */
                        audience: number;
                        channel: string;
                        counts: {
                            accepted: number;
                            cancelled: number;
                            credential_refused: number;
                            expired: number;
                            outcome_unknown: number;
                            payload_rejected: number;
                            retries_exhausted: number;
                            suppressed: number;
                            token_changed: number;
                            token_gone: number;
                        };
                        delivery: string;
                        /** @description Milliseconds since 1970. */
                        expiresAt: number;
                        headers: {
                            [key: string]: string;
                        };
                        message: unknown;
                        messageId: string;
                        /** @description What pending devices wait for beyond their turn, most devices first: docs/outcomes.md lists it. Empty in lists of messages. */
                        obstacles: {
                            devices: number;
                            obstacle: string;
                        }[];
                        pending: number;
                        platforms: string[] | null;
                        policy: string;
                        ratePerSecond: number;
                        reasons: {
                            count: number;
                            kind: string;
                            reason: string;
                        }[];
                        retrying: number;
                        secondsLeft: number | null;
                        /** @description running, paused, finished, cancelled or failed. */
                        state: string;
                        /** @description Milliseconds since 1970. */
                        stateChangedAt: number;
                        unknownDeviceIds: string[];
                    };
                };
            };
        };
    };
    postApplicationsByApplicationIdMessagesByMessageIdCancel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
                messageId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Milliseconds since 1970. */
                        acceptedAt: number;
                        /** @description Of a message that was sent again: which it was, and to those with which outcomes. */
                        again: {
                            messageId: string;
                            outcomes: string[];
                        } | null;
                        /** @description counts and pending add up to it. */
                        audience: number;
                        channel: string;
                        counts: {
                            accepted: number;
                            cancelled: number;
                            credential_refused: number;
                            expired: number;
                            outcome_unknown: number;
                            payload_rejected: number;
                            retries_exhausted: number;
                            suppressed: number;
                            token_changed: number;
                            token_gone: number;
                        };
                        delivery: string;
                        /** @description Milliseconds since 1970. */
                        expiresAt: number;
                        headers: {
                            [key: string]: string;
                        };
                        message: unknown;
                        messageId: string;
                        /** @description What pending devices wait for beyond their turn, most devices first: docs/outcomes.md lists it. Empty in lists of messages. */
                        obstacles: {
                            devices: number;
                            obstacle: string;
                        }[];
                        pending: number;
                        platforms: string[] | null;
                        policy: string;
                        ratePerSecond: number;
                        reasons: {
                            count: number;
                            kind: string;
                            reason: string;
                        }[];
                        retrying: number;
                        secondsLeft: number | null;
                        /** @description running, paused, finished, cancelled or failed. */
                        state: string;
                        /** @description Milliseconds since 1970. */
                        stateChangedAt: number;
                        unknownDeviceIds: string[];
                    };
                };
            };
        };
    };
    getApplicationsByApplicationIdMessagesByMessageIdDevicesByDeviceId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
                /** @description The device id; it may contain slashes. */
                deviceId: string;
                messageId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        departures: {
                            detail: string;
                            /** @description Milliseconds since 1970. */
                            leftAt: number;
                            reason: string;
                        }[];
                        deviceId: string;
                        messageId: string;
                        next: string;
                        outcome?: {
                            kind: string;
                            reason: string;
                        };
                        registration?: {
                            channels: string[];
                            /** @description Milliseconds since 1970. */
                            createdAt: number;
                            expiresAt: number | null;
                            os: string;
                            receives: boolean;
                            /** @description Milliseconds since 1970. */
                            registeredAt: number;
                        };
                        retry?: {
                            attempts: number;
                            lastReason: string;
                            /** @description Milliseconds since 1970. */
                            notBefore: number;
                        };
                        settledBetween?: number[];
                        summary: string;
                        /** @description settled, retrying, pending, not_in_audience or not_registered. */
                        verdict: string;
                    };
                };
            };
        };
    };
    getApplicationsByApplicationIdMessagesByMessageIdEvents: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
                messageId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
        };
    };
    postApplicationsByApplicationIdMessagesByMessageIdPause: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
                messageId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Milliseconds since 1970. */
                        acceptedAt: number;
                        /** @description Of a message that was sent again: which it was, and to those with which outcomes. */
                        again: {
                            messageId: string;
                            outcomes: string[];
                        } | null;
                        /** @description counts and pending add up to it. */
                        audience: number;
                        channel: string;
                        counts: {
                            accepted: number;
                            cancelled: number;
                            credential_refused: number;
                            expired: number;
                            outcome_unknown: number;
                            payload_rejected: number;
                            retries_exhausted: number;
                            suppressed: number;
                            token_changed: number;
                            token_gone: number;
                        };
                        delivery: string;
                        /** @description Milliseconds since 1970. */
                        expiresAt: number;
                        headers: {
                            [key: string]: string;
                        };
                        message: unknown;
                        messageId: string;
                        /** @description What pending devices wait for beyond their turn, most devices first: docs/outcomes.md lists it. Empty in lists of messages. */
                        obstacles: {
                            devices: number;
                            obstacle: string;
                        }[];
                        pending: number;
                        platforms: string[] | null;
                        policy: string;
                        ratePerSecond: number;
                        reasons: {
                            count: number;
                            kind: string;
                            reason: string;
                        }[];
                        retrying: number;
                        secondsLeft: number | null;
                        /** @description running, paused, finished, cancelled or failed. */
                        state: string;
                        /** @description Milliseconds since 1970. */
                        stateChangedAt: number;
                        unknownDeviceIds: string[];
                    };
                };
            };
        };
    };
    postApplicationsByApplicationIdMessagesByMessageIdResend: {
        parameters: {
            query?: never;
            header?: {
                /** @description Visible ASCII. The same key with the same request within 24 hours answers with the first message. */
                "Idempotency-Key"?: string;
            };
            path: {
                applicationId: string;
                messageId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Resend"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ResentMessage"];
                };
            };
        };
    };
    postApplicationsByApplicationIdMessagesByMessageIdResume: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
                messageId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Milliseconds since 1970. */
                        acceptedAt: number;
                        /** @description Of a message that was sent again: which it was, and to those with which outcomes. */
                        again: {
                            messageId: string;
                            outcomes: string[];
                        } | null;
                        /** @description counts and pending add up to it. */
                        audience: number;
                        channel: string;
                        counts: {
                            accepted: number;
                            cancelled: number;
                            credential_refused: number;
                            expired: number;
                            outcome_unknown: number;
                            payload_rejected: number;
                            retries_exhausted: number;
                            suppressed: number;
                            token_changed: number;
                            token_gone: number;
                        };
                        delivery: string;
                        /** @description Milliseconds since 1970. */
                        expiresAt: number;
                        headers: {
                            [key: string]: string;
                        };
                        message: unknown;
                        messageId: string;
                        /** @description What pending devices wait for beyond their turn, most devices first: docs/outcomes.md lists it. Empty in lists of messages. */
                        obstacles: {
                            devices: number;
                            obstacle: string;
                        }[];
                        pending: number;
                        platforms: string[] | null;
                        policy: string;
                        ratePerSecond: number;
                        reasons: {
                            count: number;
                            kind: string;
                            reason: string;
                        }[];
                        retrying: number;
                        secondsLeft: number | null;
                        /** @description running, paused, finished, cancelled or failed. */
                        state: string;
                        /** @description Milliseconds since 1970. */
                        stateChangedAt: number;
                        unknownDeviceIds: string[];
                    };
                };
            };
        };
    };
    getApplicationsByApplicationIdOverview: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        channels: {
                            count: number;
                            /** @description False: there are more than were counted. */
                            isComplete: boolean;
                        };
                        delivery: components["schemas"]["Delivery"][];
                        devices: components["schemas"]["DeviceCounts"];
                    };
                };
            };
        };
    };
    getApplicationsByApplicationIdPermissions: {
        parameters: {
            query?: {
                /** @description Only the rules of this channel, and those of the application. */
                channel?: string;
            };
            header?: never;
            path: {
                applicationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        operations: {
                            meaning: string;
                            /** @description Whether rules of a channel may speak of it. */
                            onChannels: boolean;
                            operation: "device:register" | "device:retrieve" | "device:cancel" | "message:publish" | "message:publish-template" | "message:read" | "message:cancel" | "channel:create" | "channel:delete" | "template:list" | "application:info" | "user:register" | "user:login" | "user:session";
                        }[];
                        preset: "locked" | "compatible";
                        roles: {
                            description: string;
                            isSystem: boolean;
                            name: string;
                            /** @description What the preset grants where no rule decides. */
                            presetGrants: ("device:register" | "device:retrieve" | "device:cancel" | "message:publish" | "message:publish-template" | "message:read" | "message:cancel" | "channel:create" | "channel:delete" | "template:list" | "application:info" | "user:register" | "user:login" | "user:session")[];
                        }[];
                        rules: {
                            access: "grant" | "deny" | "inherit";
                            channel: string | null;
                            level: "application" | "channel";
                            operation: "device:register" | "device:retrieve" | "device:cancel" | "message:publish" | "message:publish-template" | "message:read" | "message:cancel" | "channel:create" | "channel:delete" | "template:list" | "application:info" | "user:register" | "user:login" | "user:session";
                            role: string | null;
                            user: string | null;
                        }[];
                    };
                };
            };
        };
    };
    putApplicationsByApplicationIdPermissions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description inherit takes the rule away. */
                    access: "grant" | "deny" | "inherit";
                    /** @description The name of the channel, for the level channel; it need not exist yet. */
                    channel?: string;
                    level: "application" | "channel";
                    operation: "device:register" | "device:retrieve" | "device:cancel" | "message:publish" | "message:publish-template" | "message:read" | "message:cancel" | "channel:create" | "channel:delete" | "template:list" | "application:info" | "user:register" | "user:login" | "user:session";
                    /** @description A system or custom role; either this or user. */
                    role?: string;
                    /** @description The id of a user, for the level channel only. */
                    user?: string;
                };
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        access: "grant" | "deny" | "inherit";
                        channel: string | null;
                        level: "application" | "channel";
                        operation: "device:register" | "device:retrieve" | "device:cancel" | "message:publish" | "message:publish-template" | "message:read" | "message:cancel" | "channel:create" | "channel:delete" | "template:list" | "application:info" | "user:register" | "user:login" | "user:session";
                        role: string | null;
                        user: string | null;
                    };
                };
            };
        };
    };
    getApplicationsByApplicationIdPhones: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        phones: components["schemas"]["Phone"][];
                    };
                };
            };
        };
    };
    postApplicationsByApplicationIdPhones: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPhone"];
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Phone"];
                };
            };
        };
    };
    deleteApplicationsByApplicationIdPhonesByDeviceId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
                deviceId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        done: boolean;
                    };
                };
            };
        };
    };
    getApplicationsByApplicationIdPhonesEvents: {
        parameters: {
            query?: never;
            header?: {
                /** @description The id of the last event that was seen. */
                "Last-Event-ID"?: string;
            };
            path: {
                applicationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
        };
    };
    getApplicationsByApplicationIdRoles: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        roles: {
                            description: string;
                            isSystem: boolean;
                            name: string;
                        }[];
                    };
                };
            };
        };
    };
    postApplicationsByApplicationIdRoles: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    description?: string;
                    name: string;
                };
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        description: string;
                        isSystem: boolean;
                        name: string;
                    };
                };
            };
        };
    };
    deleteApplicationsByApplicationIdRolesByRole: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
                /** @description The name of a custom role. */
                role: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        done: boolean;
                    };
                };
            };
        };
    };
    getApplicationsByApplicationIdStatistics: {
        parameters: {
            query?: {
                /** @description Milliseconds since 1970; begins with the hour or day (UTC) that it falls into. Defaults to 24 steps of an hour or 30 of a day before `to`. */
                from?: number;
                /** @description A day is one of UTC. Defaults to hour. */
                step?: "hour" | "day";
                /** @description Milliseconds since 1970, exclusive. Defaults to now. */
                to?: number;
            };
            header?: never;
            path: {
                applicationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Statistics"];
                };
            };
        };
    };
    getApplicationsByApplicationIdUserSettings: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserSettings"];
                };
            };
        };
    };
    putApplicationsByApplicationIdUserSettings: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description After how many wrong passwords a login is refused with 3036, for one address and a growing time; at most 5 count. 0: after 5, with 90014. */
                    failedLoginsLock?: number;
                    /** @description Whether apps may make guests (3009). */
                    guests?: boolean;
                    /** @description A guest without a login, who can never have one again, is removed so long after the registration, or somewhat later; null: never. */
                    guestsKeptMs?: number | null;
                    /** @description The property that users log in with. */
                    identityProperty?: string;
                    /** @description What else is known, where unknown properties are not kept. */
                    knownProperties?: string[];
                    /** @description Whether users may log in (3034). */
                    login?: boolean;
                    /** @description Without multiple logins: true refuses the second one (3002), false ends the first one. */
                    logoutLastUser?: boolean;
                    /** @description With multiple logins: how many at once (3044); 0: up to 100, the least recently used make room. */
                    maxConcurrentLogins?: number;
                    /** @description Whether a user may be logged in more than once. */
                    multipleLogins?: boolean;
                    /** @description Whether apps may register users (3009). */
                    registration?: boolean;
                    /** @description What a user must have to register (3012), besides identity and password. */
                    requiredProperties?: string[];
                    /** @description A login without a request for so long is over; null: never. */
                    sessionIdleMs?: number | null;
                    /** @description A login is over so long after it began; null: never. */
                    sessionLastsMs?: number | null;
                    /** @description What becomes of properties that are not known: kept, dropped, or refused (3010). */
                    unknownProperties?: "keep" | "drop" | "refuse";
                };
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserSettings"];
                };
            };
        };
    };
    getApplicationsByApplicationIdUsers: {
        parameters: {
            query?: {
                /** @description The `next` of the page before. */
                cursor?: string;
                /** @description Only users whose identity begins with it, in any case; ordered by identity. */
                identityPrefix?: string;
                limit?: number;
            };
            header?: never;
            path: {
                applicationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        next: string | null;
                        users: components["schemas"]["User"][];
                    };
                };
            };
        };
    };
    postApplicationsByApplicationIdUsers: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description What the user logs in with, by default an e-mail address; upper and lower case do not matter. */
                    identity: string;
                    password?: string;
                    /** @description The app's own properties: at most 100, 16 384 bytes as JSON. */
                    properties?: {
                        [key: string]: unknown;
                    };
                    /** @description DISABLED ends every login and refuses others. EMAIL_CONFIRMATION_PENDING refuses logins with a password; those that there are stay. */
                    status?: "ENABLED" | "DISABLED" | "EMAIL_CONFIRMATION_PENDING";
                };
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
        };
    };
    getApplicationsByApplicationIdUsersByUserId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
                /** @description The object id of the user. */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
        };
    };
    putApplicationsByApplicationIdUsersByUserId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
                /** @description The object id of the user. */
                userId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description What the user logs in with, by default an e-mail address; upper and lower case do not matter. */
                    identity?: string;
                    password?: string;
                    /** @description The app's own properties: at most 100, 16 384 bytes as JSON. */
                    properties?: {
                        [key: string]: unknown;
                    };
                    /** @description DISABLED ends every login and refuses others. EMAIL_CONFIRMATION_PENDING refuses logins with a password; those that there are stay. */
                    status?: "ENABLED" | "DISABLED" | "EMAIL_CONFIRMATION_PENDING";
                };
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
        };
    };
    deleteApplicationsByApplicationIdUsersByUserId: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
                /** @description The object id of the user. */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        done: boolean;
                    };
                };
            };
        };
    };
    putApplicationsByApplicationIdUsersByUserIdRoles: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
                /** @description The object id of the user. */
                userId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Names of custom roles. */
                    roles: string[];
                };
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
        };
    };
    deleteApplicationsByApplicationIdUsersByUserIdSessions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                applicationId: string;
                /** @description The object id of the user. */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        ended: number;
                    };
                };
            };
        };
    };
    getAudit: {
        parameters: {
            query?: {
                /** @description Only actions that begin with it, such as `credential` or `credential.set`. Bounded as actor is. */
                action?: string;
                /** @description Only entries whose actor contains it, in any case. A page may then be short and still have a next one. */
                actor?: string;
                /** @description Only what concerns this application. */
                application?: string;
                /** @description The `next` of the page before. */
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        entries: {
                            action: string;
                            actor: string;
                            application: string | null;
                            /** @description Milliseconds since 1970. */
                            at: number;
                            /** @description `interrupted: true`: the call changed something and did not come to its end, as when the server was killed; `begunAt` says when it began. */
                            details: {
                                [key: string]: string | number | boolean;
                            };
                            /** @description SHA-256 over this entry and the hash of the one before. */
                            hash: string;
                            number: number;
                            target: string;
                        }[];
                        next: string | null;
                    };
                };
            };
        };
    };
    getAuditVerification: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description The first entry that was altered, or that follows a gap. */
                        broken: number | null;
                        /** @description So many are as they were written. */
                        entries: number;
                        /** @description Of the last good entry. Keep it elsewhere: with it, even a log that was written anew is noticed. */
                        hash: string;
                        isWhole: boolean;
                    };
                };
            };
        };
    };
    getOpenapiJson: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    getSandboxJournal: {
        parameters: {
            query?: {
                limit?: number;
                /** @description Only entries with a larger sequence number. */
                since?: number;
                /** @description Only this device token. */
                token?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        entries: unknown[];
                        totals: {
                            [key: string]: unknown;
                        };
                    };
                };
            };
        };
    };
    getServer: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Server"];
                };
            };
        };
    };
    getSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Caller"];
                };
            };
        };
    };
    postSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    password: string;
                };
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Caller"];
                };
            };
        };
    };
    deleteSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        done: boolean;
                    };
                };
            };
        };
    };
    putSessionPassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    currentPassword: string;
                    password: string;
                };
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Caller"];
                };
            };
        };
    };
    getSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        sessions: {
                            /** @description Milliseconds since 1970. */
                            createdAt: number;
                            /** @description Milliseconds since 1970; earlier, when it is not used for half an hour. */
                            endsAt: number;
                            /** @description Whether it is the one that asks. */
                            isCurrent: boolean;
                            /** @description Milliseconds since 1970, at most a minute older than the last use. */
                            lastUsedAt: number;
                            number: number;
                        }[];
                    };
                };
            };
        };
    };
    deleteSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        ended: number;
                    };
                };
            };
        };
    };
    deleteSessionsBySession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session's number. */
                session: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        done: boolean;
                    };
                };
            };
        };
    };
    postSetup: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    password: string;
                    /** @description What follows `#setup=` in the setup link. */
                    token: string;
                };
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Caller"];
                };
            };
        };
    };
    getTokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        tokens: components["schemas"]["AdministratorToken"][];
                    };
                };
            };
        };
    };
    postTokens: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Ids of the applications that it is restricted to; null: all, and the server as a whole. */
                    applications?: string[] | null;
                    expiresAt?: number | null;
                    label?: string;
                    /** @description Each includes those before it. */
                    scope: "read" | "operate" | "administer";
                };
            };
        };
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @description Ids of the applications that it is restricted to; null: all, and the server as a whole. */
                        applications: string[] | null;
                        /** @description Milliseconds since 1970. */
                        createdAt: number;
                        expiresAt: number | null;
                        label: string;
                        /** @description At most a minute older than the last use. */
                        lastUsedAt: number | null;
                        number: number;
                        /** @description Each includes those before it. */
                        scope: "read" | "operate" | "administer";
                        /** @description Shown this once: only its hash is kept. */
                        token: string;
                    };
                };
            };
        };
    };
    deleteTokensByToken: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The token's number. */
                token: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Success. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        done: boolean;
                    };
                };
            };
        };
    };
}
