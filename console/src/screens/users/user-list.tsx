import { keepPreviousData } from "@tanstack/react-query"
import { Plus, Users } from "lucide-react"
import { type ReactNode, useDeferredValue, useState } from "react"
import { Link } from "wouter"
import { api } from "../../api/client.ts"
import { useApplication } from "../../app/application.tsx"
import { userPath } from "../../app/paths.ts"
import { useMay } from "../../app/session.tsx"
import { useAddressText } from "../../ui/address-text.ts"
import { Button } from "../../ui/button.tsx"
import { Card } from "../../ui/card.tsx"
import { Empty } from "../../ui/empty.tsx"
import { ListBar, ListFoot } from "../../ui/list-bar.tsx"
import { Loaded } from "../../ui/loaded.tsx"
import { Pager, usePages } from "../../ui/pages.tsx"
import { type Column, Table } from "../../ui/table.tsx"
import { Time } from "../../ui/time.tsx"
import { NewUser } from "./new-user.tsx"
import { nameOf, USERS, type User, UserStatus } from "./user-words.tsx"

const PAGE = 50

export function UserList(): ReactNode {
  const { applicationId } = useApplication()
  const mayOperate = useMay("operate")
  const [isAdding, setAdding] = useState(false)
  const [typed, setTyped] = useAddressText("identity")
  const prefix = useDeferredValue(typed.trim())
  const pages = usePages(prefix)
  const query = {
    limit: PAGE,
    ...(prefix !== "" && { identityPrefix: prefix }),
    ...(pages.cursor !== undefined && { cursor: pages.cursor }),
  }
  const users = api.useQuery(
    "get",
    USERS,
    { params: { path: { applicationId }, query } },
    { placeholderData: keepPreviousData },
  )
  return (
    <Card isFlush>
      <ListBar
        label="Find a user by the beginning of the identity"
        placeholder="Find by how the e-mail address begins"
        value={typed}
        onChange={setTyped}
        actions={
          mayOperate && (
            <Button look="primary" onClick={() => setAdding(true)}>
              <Plus size={16} aria-hidden />
              New user
            </Button>
          )
        }
      />
      <Loaded query={users} failure="The users could not be read">
        {(data) =>
          data.users.length === 0 && pages.number === 1 ? (
            <Nobody prefix={prefix} />
          ) : (
            <>
              <Table
                label="Users"
                columns={columnsOf(applicationId)}
                rows={data.users}
                rowKey={({ userId }) => userId}
              />
              <ListFoot>
                <Pager pages={pages} next={data.next} />
              </ListFoot>
            </>
          )
        }
      </Loaded>
      {isAdding && <NewUser onClose={() => setAdding(false)} />}
    </Card>
  )
}

function Nobody({ prefix }: { readonly prefix: string }): ReactNode {
  const mayOperate = useMay("operate")
  return prefix === "" ? (
    <Empty icon={Users} title="No user yet">
      Users register from your apps{mayOperate && ", or are created here"}. Push works without them: a device
      needs no user.
    </Empty>
  ) : (
    <Empty icon={Users} title="Nobody is found">
      No identity begins with “{prefix}”. Guests and users of an identity provider have none: they are in the
      whole list.
    </Empty>
  )
}

function columnsOf(applicationId: string): readonly Column<User>[] {
  return [
    {
      head: "User",
      cell: (user) => (
        <span className="stack-tight">
          <Link href={userPath(applicationId, user.userId)} className="breakable">
            {nameOf(user)}
          </Link>
          {user.issuer !== null && <span className="small soft breakable">{user.issuer}</span>}
        </span>
      ),
    },
    { head: "Status", cell: ({ status }) => <UserStatus status={status} /> },
    { head: "Roles", cell: ({ roles }) => roles.join(", ") },
    {
      head: "Last login",
      cell: ({ lastLoginAt }) => (lastLoginAt === null ? "never" : <Time at={lastLoginAt} />),
    },
    { head: "Created", cell: ({ createdAt }) => <Time at={createdAt} /> },
  ]
}
