<<<<<<<< HEAD:console/dist/assets/message-state-D4hZtKWp.js
import{t as e}from"./badge-CcIj3vLu.js";import{S as t}from"./react-ByXaiT_f.js";var n=t(),r={running:`info`,paused:`warn`,finished:`good`,failed:`bad`};function i({state:t}){let i=r[t];return(0,n.jsx)(e,{...i!==void 0&&{tone:i},children:t})}export{i as t};
========
import{t as e}from"./badge-1uCKPPu2.js";import{C as t}from"./react-DLoZ3Tqs.js";var n=t(),r={running:`info`,paused:`warn`,finished:`good`,failed:`bad`};function i({state:t}){let i=r[t];return(0,n.jsx)(e,{...i!==void 0&&{tone:i},children:t})}export{i as t};
>>>>>>>> f2fdc05 (Bring generated files up to date):console/dist/assets/message-state-BnT0MwQe.js
