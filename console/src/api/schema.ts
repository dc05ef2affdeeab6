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
        get?: never;
        put?: never;
        post?: never;
        /** Logs an administrator out everywhere. */
        delete: operations["deleteAdministratorsByAdministratorSessions"];
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
        /** Lists the channels of an application by name, with their sizes by platform. */
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
    "/admin/v1/applications/{applicationId}/devices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the devices of an application in the order of their first registration. */
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
        /** Returns a device without its token. */
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
        put?: never;
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
        post?: never;
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
        /** Counts the devices of an application by platform, and its channels. */
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
        get?: never;
        put?: never;
        post?: never;
        /** Ends every session of the caller, this one too. */
        delete: operations["deleteSessions"];
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
    getApplicationsByApplicationIdDevices: {
        parameters: {
            query?: {
                /** @description Only the members of this channel. */
                channel?: string;
                /** @description The `next` of the page before. */
                cursor?: string;
                limit?: number;
                /** @description Only this operating system, in any case. A page may then be short and still have a next one. */
                os?: string;
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
                    "application/json": components["schemas"]["Device"];
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
                operation: "device:register" | "device:retrieve" | "device:cancel" | "message:publish" | "message:publish-template" | "message:read" | "message:cancel" | "channel:create" | "channel:delete" | "template:list" | "application:info";
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
                            operation: "device:register" | "device:retrieve" | "device:cancel" | "message:publish" | "message:publish-template" | "message:read" | "message:cancel" | "channel:create" | "channel:delete" | "template:list" | "application:info";
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
                            /** @description Milliseconds since 1970. */
                            createdAt: number;
                            expiresAt: number | null;
                            /** @description The API key itself, only with `reveal=true`. */
                            key?: string;
                            kind: "REST" | "JS" | "ANDROID" | "IOS" | "WP" | "BL" | "AS" | "CUSTOM";
                            label: string;
                            /** @description Stays the same when the key is regenerated. */
                            number: number;
                            /** @description Until then the key that was replaced last works beside the present one. */
                            previousUntil: number | null;
                            regeneratedAt: number | null;
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
                    /** @description None or null: never. */
                    expiresAt?: number | null;
                    kind: "REST" | "JS" | "ANDROID" | "IOS" | "WP" | "BL" | "AS" | "CUSTOM";
                    /** @description What it is for, at most 100 characters. */
                    label?: string;
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
                        /** @description Milliseconds since 1970. */
                        createdAt: number;
                        expiresAt: number | null;
                        /** @description The API key itself. */
                        key: string;
                        kind: "REST" | "JS" | "ANDROID" | "IOS" | "WP" | "BL" | "AS" | "CUSTOM";
                        label: string;
                        /** @description Stays the same when the key is regenerated. */
                        number: number;
                        /** @description Until then the key that was replaced last works beside the present one. */
                        previousUntil: number | null;
                        regeneratedAt: number | null;
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
                        /** @description Milliseconds since 1970. */
                        createdAt: number;
                        expiresAt: number | null;
                        /** @description The API key itself. */
                        key: string;
                        kind: "REST" | "JS" | "ANDROID" | "IOS" | "WP" | "BL" | "AS" | "CUSTOM";
                        label: string;
                        /** @description Stays the same when the key is regenerated. */
                        number: number;
                        /** @description Until then the key that was replaced last works beside the present one. */
                        previousUntil: number | null;
                        regeneratedAt: number | null;
                        role: string | null;
                    };
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
                            operation: "device:register" | "device:retrieve" | "device:cancel" | "message:publish" | "message:publish-template" | "message:read" | "message:cancel" | "channel:create" | "channel:delete" | "template:list" | "application:info";
                        }[];
                        preset: "locked" | "compatible";
                        roles: {
                            description: string;
                            isSystem: boolean;
                            name: string;
                            /** @description What the preset grants where no rule decides. */
                            presetGrants: ("device:register" | "device:retrieve" | "device:cancel" | "message:publish" | "message:publish-template" | "message:read" | "message:cancel" | "channel:create" | "channel:delete" | "template:list" | "application:info")[];
                        }[];
                        rules: {
                            access: "grant" | "deny" | "inherit";
                            channel: string | null;
                            level: "application" | "channel";
                            operation: "device:register" | "device:retrieve" | "device:cancel" | "message:publish" | "message:publish-template" | "message:read" | "message:cancel" | "channel:create" | "channel:delete" | "template:list" | "application:info";
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
                    operation: "device:register" | "device:retrieve" | "device:cancel" | "message:publish" | "message:publish-template" | "message:read" | "message:cancel" | "channel:create" | "channel:delete" | "template:list" | "application:info";
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
                        operation: "device:register" | "device:retrieve" | "device:cancel" | "message:publish" | "message:publish-template" | "message:read" | "message:cancel" | "channel:create" | "channel:delete" | "template:list" | "application:info";
                        role: string | null;
                        user: string | null;
                    };
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
    getAudit: {
        parameters: {
            query?: {
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
