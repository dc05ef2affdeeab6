<<<<<<<< HEAD:console/dist/assets/empty-B9XKqH7p.js
import{S as e}from"./react-ByXaiT_f.js";var t=e();function n({icon:e,title:n,children:r,actions:i}){return(0,t.jsxs)(`div`,{className:`empty`,children:[(0,t.jsx)(e,{size:28,strokeWidth:1.5,"aria-hidden":!0}),(0,t.jsx)(`h2`,{children:n}),(0,t.jsx)(`p`,{children:r}),i!==void 0&&(0,t.jsx)(`div`,{className:`row`,children:i})]})}export{n as t};
========
import{C as e}from"./react-DLoZ3Tqs.js";var t=e();function n({icon:e,title:n,children:r,actions:i}){return(0,t.jsxs)(`div`,{className:`empty`,children:[(0,t.jsx)(e,{size:28,strokeWidth:1.5,"aria-hidden":!0}),(0,t.jsx)(`h2`,{children:n}),(0,t.jsx)(`p`,{children:r}),i!==void 0&&(0,t.jsx)(`div`,{className:`row`,children:i})]})}export{n as t};
>>>>>>>> f2fdc05 (Bring generated files up to date):console/dist/assets/empty-B8W1WJhK.js
