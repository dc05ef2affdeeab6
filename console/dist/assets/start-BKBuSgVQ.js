import{n as e}from"./rolldown-runtime-WkwZ5CU-.js";import{O as t,j as n}from"./react-7Vc68lT6.js";import{D as r,E as i,S as a,T as o,k as s,n as c,w as l,x as u,y as d}from"./application-BELPDMkn.js";import{E as f,d as p,s as m,y as h}from"./index-CPvEnYUY.js";import{t as g}from"./message-state-FZOoE3SL.js";import{t as _}from"./outcome-DEHnm2av.js";import{r as v}from"./platforms-D-Wkb-qo.js";import{n as y}from"./copy-DNCF_qd7.js";import{i as b,n as x}from"./format-CT8Hyplz.js";import{t as S}from"./on-gone-MkL140y4.js";import{t as C}from"./tabs-d_LVQC45.js";import{i as w,n as T,r as E,t as D}from"./virtual-screen-Dk_8b_b3.js";/* empty css              */import{t as O}from"./check-bnkOiCC5.js";var k=e(n(),1),A=t(),j=3;function M(){let{applicationId:e}=c(),t=w(e).data?.phones??[];return t.length===0?null:(0,A.jsxs)(A.Fragment,{children:[(0,A.jsx)(`ul`,{className:`arrivals`,children:t.slice(0,j).map(e=>(0,A.jsx)(`li`,{children:(0,A.jsx)(D,{phone:e})},e.deviceId))}),(0,A.jsx)(`div`,{className:`row`,children:(0,A.jsx)(r,{to:d(e),children:`All virtual phones`})})]})}function N({deviceCount:e}){let{applicationId:t}=c(),n=p(`operate`),[r,a]=(0,k.useState)(`Hello from Belfry`),{mutate:o,isPending:u,data:d,error:f}=s.useMutation(`post`,`/admin/v1/applications/{applicationId}/messages`);return n?(0,A.jsxs)(A.Fragment,{children:[(0,A.jsxs)(`label`,{className:`field`,children:[(0,A.jsx)(`span`,{className:`field-label`,children:`Message`}),(0,A.jsx)(`input`,{className:`input`,value:r,maxLength:200,onChange:e=>a(e.target.value)})]}),(0,A.jsxs)(`div`,{className:`row`,children:[(0,A.jsxs)(i,{look:`primary`,isBusy:u,disabled:e===0||r.trim()===``,onClick:()=>o({params:{path:{applicationId:t}},body:{channel:`default`,message:r,headers:{"ios-alert-title":`It works`,"android-content-title":`It works`,"wp-title":`It works`}}}),children:[(0,A.jsx)(h,{size:16,"aria-hidden":!0}),`Send to everybody on default`]}),d!==void 0&&(0,A.jsxs)(`span`,{role:`status`,children:[`It is on its way to `,x(d.audience,`device`),`.`]})]}),f!==null&&(0,A.jsx)(l,{error:f})]}):(0,A.jsx)(`p`,{className:`soft`,children:`Sending one from here needs the scope operate.`})}function P(){let{mutate:e,params:t,isPending:n,error:r}=E();return p(`operate`)?(0,A.jsxs)(A.Fragment,{children:[(0,A.jsx)(`div`,{className:`row`,children:T.map(({os:r,label:a})=>(0,A.jsxs)(i,{look:`primary`,isBusy:n,onClick:()=>e({params:t,body:{os:r}}),children:[`Add a virtual `,a]},r))}),r!==null&&(0,A.jsx)(l,{error:r})]}):(0,A.jsx)(`p`,{className:`soft`,children:`Adding one here needs the scope operate.`})}var F=`test-device`;function I(e){let t=JSON.stringify({deviceToken:`test-token`,deviceId:F,os:`ANDROID`,osVersion:`16`,channels:[`default`]});return[`curl -X POST '${V(e,`REST`)}/messaging/registrations' \\`,`  -H 'Content-Type: application/json' \\`,`  -d '${t}'`].join(`
`)}function L(e){return[`curl -X POST '${V(e,`REST`)}/messaging/default' \\`,`  -H 'Content-Type: application/json' \\`,`  -d '${JSON.stringify({message:`Hello from Belfry`})}'`].join(`
`)}function R(e){return`import Backendless from "backendless"

Backendless.serverURL = "${e.url}"
Backendless.initApp("${e.applicationId}", "${H(e,`JS`)}")
Backendless.setupDevice({ uuid: "${F}", platform: "android", version: "16" })

await Backendless.Messaging.registerDevice("test-token", ["default"])`}function z(e){return`import SwiftSDK

// In the application delegate, after registerForRemoteNotifications()
func application(_ application: UIApplication,
                 didRegisterForRemoteNotificationsWithDeviceToken deviceToken: Data) {
    Backendless.shared.hostUrl = "${e.url}"
    Backendless.shared.initApp(applicationId: "${e.applicationId}",
                               apiKey: "${H(e,`IOS`)}")
    Backendless.shared.messaging.registerDevice(
        deviceToken: deviceToken,
        channels: ["default"],
        responseHandler: { registrationId in print("Registered: \\(registrationId)") },
        errorHandler: { fault in print("Refused: \\(fault.message ?? "")") })
}`}function B(e){return`import com.google.firebase.messaging.FirebaseMessagingService
import java.net.HttpURLConnection
import java.net.URL
import org.json.JSONArray
import org.json.JSONObject

class PushService : FirebaseMessagingService() {
    // Firebase calls this off the main thread.
    override fun onNewToken(token: String) {
        val body = JSONObject()
            .put("deviceToken", token)
            .put("deviceId", deviceId()) // an id of the installation that your app keeps
            .put("os", "ANDROID")
            .put("osVersion", android.os.Build.VERSION.RELEASE)
            .put("channels", JSONArray(listOf("default")))
        val url = URL("${V(e,`ANDROID`)}/messaging/registrations")
        with(url.openConnection() as HttpURLConnection) {
            requestMethod = "POST"
            doOutput = true
            setRequestProperty("Content-Type", "application/json")
            outputStream.use { it.write(body.toString().toByteArray()) }
            check(responseCode == 200) { errorStream.bufferedReader().readText() }
        }
    }
}`}function V(e,t){return`${e.url}/${e.applicationId}/${H(e,t)}`}function H({keys:e},t){return e[t]??`<${t} API key>`}function U({number:e,title:t,isDone:n,children:r}){return(0,A.jsxs)(`li`,{className:`step`,children:[(0,A.jsx)(`span`,{className:`step-mark`,"data-done":n?``:void 0,children:n?(0,A.jsx)(O,{size:18,"aria-label":`Done`}):e}),(0,A.jsx)(m,{title:t,children:(0,A.jsx)(`div`,{className:`stack`,children:r})})]})}var W=1500;function G(){return(0,A.jsx)(u,{title:`Get started`,lead:`Register a device, send it a message, see it arrive. Each step is ticked off as soon as the server has seen it.`,children:(0,A.jsx)(J,{children:e=>(0,A.jsx)(K,{ids:e})})})}function K({ids:e}){let t=Y(),n=X();return(0,A.jsxs)(`ol`,{className:`steps`,children:[(0,A.jsxs)(U,{number:1,title:`Register a device`,isDone:t>0,children:[(0,A.jsx)(`p`,{children:`A virtual phone lives in the sandbox of this server: it needs no account of Apple, Google or Microsoft, and no phone.`}),(0,A.jsx)(P,{}),(0,A.jsx)(`p`,{children:`An app does the same whenever it starts, with a few lines that have your ids in them already:`}),(0,A.jsx)(q,{ids:e}),(0,A.jsx)(`p`,{role:`status`,children:t===0?`Waiting for the first device…`:`${x(t,`device`)} registered.`})]}),(0,A.jsxs)(U,{number:2,title:`Send a message`,isDone:n!==void 0,children:[(0,A.jsx)(N,{deviceCount:t}),(0,A.jsx)(`p`,{children:`Or from a terminal, or your own server:`}),(0,A.jsx)(y,{text:L(e),what:`the call that publishes`})]}),(0,A.jsxs)(U,{number:3,title:`See it arrive`,isDone:n!==void 0&&_(n.counts)>0,children:[(0,A.jsx)(M,{}),n===void 0?(0,A.jsx)(`p`,{children:`As soon as a message is sent, this says what became of it.`}):(0,A.jsxs)(`p`,{role:`status`,children:[`The latest message is `,(0,A.jsx)(g,{state:n.state}),`:`,` `,b(_(n.counts)),` of `,x(n.audience,`device`),` took it.`]})]})]})}function q({ids:e}){let t=e=>(0,A.jsx)(y,{text:e,what:`the code that registers a device`});return(0,A.jsxs)(A.Fragment,{children:[Object.keys(e.keys).length===0&&(0,A.jsx)(o,{tone:`warn`,children:`Only somebody with the scope administer sees API keys here; ask for one and fill it in.`}),(0,A.jsx)(C,{label:`Language`,tabs:[{value:`curl`,label:`curl`,content:t(I(e))},{value:`javascript`,label:`JavaScript`,content:t(R(e))},{value:`swift`,label:`Swift`,content:t(z(e))},{value:`kotlin`,label:`Kotlin`,content:t(B(e))}]})]})}function J({children:e}){let{applicationId:t}=c(),n=p(`administer`),r=s.useQuery(`get`,`/admin/v1/applications/{applicationId}/keys`,{params:{path:{applicationId:t},query:{reveal:n}}},{staleTime:1/0,refetchOnWindowFocus:!1,refetchOnReconnect:!1,meta:f}),[,i]=(0,k.useReducer)(e=>e+1,0);return S(i),(0,A.jsx)(a,{query:r,failure:`The API keys could not be read`,children:n=>{let r=n.keys.flatMap(({kind:e,key:t})=>t===void 0?[]:[[e,t]]);return e({url:location.origin,applicationId:t,keys:Object.fromEntries(r)})}})}function Y(){let{applicationId:e}=c(),{data:t}=s.useQuery(`get`,`/admin/v1/applications/{applicationId}/overview`,{params:{path:{applicationId:e}}},{refetchInterval:W});return t===void 0?0:v(t.devices)}function X(){let{applicationId:e}=c(),{data:t}=s.useQuery(`get`,`/admin/v1/applications/{applicationId}/messages`,{params:{path:{applicationId:e},query:{limit:1}}},{refetchInterval:W});return t?.messages[0]}export{G as Start};