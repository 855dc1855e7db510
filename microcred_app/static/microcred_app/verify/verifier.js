/* Built from browser_verifier/ by "make verifier". Licences: verifier.licences.txt */
var Eo=Object.create;var zr=Object.defineProperty;var _o=Object.getOwnPropertyDescriptor;var Do=Object.getOwnPropertyNames;var ko=Object.getPrototypeOf,Ro=Object.prototype.hasOwnProperty;var R=(e,t)=>()=>{try{return t||e((t={exports:{}}).exports,t),t.exports}catch(n){throw t=0,n}};var Po=(e,t,n,r)=>{if(t&&typeof t=="object"||typeof t=="function")for(let o of Do(t))!Ro.call(e,o)&&o!==n&&zr(e,o,{get:()=>t[o],enumerable:!(r=_o(t,o))||r.enumerable});return e};var Lo=(e,t,n)=>(n=e!=null?Eo(ko(e)):{},Po(t||!e||!e.__esModule?zr(n,"default",{value:e,enumerable:!0}):n,e));var Qt=R((yc,Wr)=>{"use strict";Wr.exports=class Kr{constructor(t,n=new Map,r=0){this.prefix=t,this._existing=n,this.counter=r}clone(){let{prefix:t,_existing:n,counter:r}=this;return new Kr(t,new Map(n),r)}getId(t){let n=t&&this._existing.get(t);if(n)return n;let r=this.prefix+this.counter;return this.counter++,t&&this._existing.set(t,r),r}hasId(t){return this._existing.has(t)}getOldIds(){return[...this._existing.keys()]}}});var Yr=R(Qr=>{(function(e,t){"use strict";if(e.setImmediate)return;var n=1,r={},o=!1,s=e.document,i;function a(v){typeof v!="function"&&(v=new Function(""+v));for(var x=new Array(arguments.length-1),b=0;b<x.length;b++)x[b]=arguments[b+1];var A={callback:v,args:x};return r[n]=A,i(n),n++}function l(v){delete r[v]}function c(v){var x=v.callback,b=v.args;switch(b.length){case 0:x();break;case 1:x(b[0]);break;case 2:x(b[0],b[1]);break;case 3:x(b[0],b[1],b[2]);break;default:x.apply(t,b);break}}function u(v){if(o)setTimeout(u,0,v);else{var x=r[v];if(x){o=!0;try{c(x)}finally{l(v),o=!1}}}}function h(){i=function(v){process.nextTick(function(){u(v)})}}function f(){if(e.postMessage&&!e.importScripts){var v=!0,x=e.onmessage;return e.onmessage=function(){v=!1},e.postMessage("","*"),e.onmessage=x,v}}function d(){var v="setImmediate$"+Math.random()+"$",x=function(b){b.source===e&&typeof b.data=="string"&&b.data.indexOf(v)===0&&u(+b.data.slice(v.length))};e.addEventListener?e.addEventListener("message",x,!1):e.attachEvent("onmessage",x),i=function(b){e.postMessage(v+b,"*")}}function p(){var v=new MessageChannel;v.port1.onmessage=function(x){var b=x.data;u(b)},i=function(x){v.port2.postMessage(x)}}function m(){var v=s.documentElement;i=function(x){var b=s.createElement("script");b.onreadystatechange=function(){u(x),b.onreadystatechange=null,v.removeChild(b),b=null},v.appendChild(b)}}function g(){i=function(v){setTimeout(u,0,v)}}var y=Object.getPrototypeOf&&Object.getPrototypeOf(e);y=y&&y.setTimeout?y:e,{}.toString.call(e.process)==="[object process]"?h():f()?d():e.MessageChannel?p():s&&"onreadystatechange"in s.createElement("script")?m():g(),y.setImmediate=a,y.clearImmediate=l})(typeof self>"u"?typeof global>"u"?Qr:global:self)});var zn=R(Yt=>{"use strict";Yr();Yt.setImmediate=setImmediate;Yt.crypto=globalThis.crypto;var ei=[];for(let e=0;e<=255;++e)ei.push(e.toString(16).padStart(2,"0"));Yt.bufferToHex=function(t){let n="",r=new Uint8Array(t);for(let o=0;o<r.length;++o)n+=ei[r[o]];return n}});var Cn=R((xc,ni)=>{"use strict";var{bufferToHex:Zo,crypto:qn}=zn(),ti=new Map([["sha256","SHA-256"],["SHA256","SHA-256"],["SHA-256","SHA-256"],["sha384","SHA-384"],["SHA384","SHA-384"],["SHA-384","SHA-384"],["sha512","SHA-512"],["SHA512","SHA-512"],["SHA-512","SHA-512"]]);ni.exports=class{constructor(t){if(!(qn&&qn.subtle))throw new Error("crypto.subtle not found.");if(!ti.has(t))throw new Error(`Unsupported algorithm "${t}".`);this.algorithm=ti.get(t),this._content=""}update(t){this._content+=t}async digest(){let t=new TextEncoder().encode(this._content),n=await qn.subtle.digest(this.algorithm,t);return Zo(n)}}});var Zn=R((Oc,ri)=>{"use strict";ri.exports=class{constructor(t){this.current=t.sort(),this.done=!1,this.dir=new Map;for(let n=0;n<t.length;++n)this.dir.set(t[n],!0)}hasNext(){return!this.done}next(){let{current:t,dir:n}=this,r=t.slice(),o=null,s=0,i=t.length;for(let a=0;a<i;++a){let l=t[a],c=n.get(l);(o===null||l>o)&&(c&&a>0&&l>t[a-1]||!c&&a<i-1&&l>t[a+1])&&(o=l,s=a)}if(o===null)this.done=!0;else{let a=n.get(o)?s-1:s+1;t[s]=t[a],t[a]=o;for(let l of t)l>o&&n.set(l,!n.get(l))}return r}}});var nn=R((jc,ci)=>{"use strict";var Fo="http://www.w3.org/1999/02/22-rdf-syntax-ns#",ii=Fo+"langString",si="http://www.w3.org/2001/XMLSchema#string",ke="NamedNode",_t="BlankNode",li="Literal",Uo="DefaultGraph",ht={};(()=>{let t="A-Za-z\xC0-\xD6\xD8-\xF6\xF8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD"+"_",n=t+"0-9-\xB7\u0300-\u036F\u203F-\u2040",r="_:((?:["+t+"0-9])(?:(?:["+n+".])*(?:["+n+"]))?)",i='(?:<((?:[^\0- <>"{}|^`\\\\]|'+"\\\\u[0-9A-Fa-f]{4}"+"|"+"\\\\U[0-9A-Fa-f]{8}"+")*)>)",a=r,l='"([^"\\\\]*(?:\\\\.[^"\\\\]*)*)"',c="(?:\\^\\^"+i+")",h="(?:"+l+"(?:"+c+"|"+"(?:@([a-zA-Z]+(?:-[a-zA-Z0-9]+)*))"+")?)",f="[ \\t]+",d="[ \\t]*",p="(?:"+i+"|"+a+")"+f,m=i+f,g="(?:"+i+"|"+a+"|"+h+")"+d,y="(?:\\.|(?:(?:"+i+"|"+a+")"+d+"\\.))";ht.eoln=/(?:\r\n)|(?:\n)|(?:\r)/g,ht.empty=new RegExp("^"+d+"$"),ht.quad=new RegExp("^"+d+p+m+g+y+d+"$")})();ci.exports=class Fn{static parse(t){let n=[],r={},o=t.split(ht.eoln),s=0;for(let i of o){if(s++,ht.empty.test(i))continue;let a=i.match(ht.quad);if(a===null)throw new Error("N-Quads parse error on line "+s+".");let l={subject:null,predicate:null,object:null,graph:null};if(a[1]!==void 0?l.subject={termType:ke,value:kt(a[1])}:l.subject={termType:_t,value:a[2]},l.predicate={termType:ke,value:kt(a[3])},a[4]!==void 0?l.object={termType:ke,value:kt(a[4])}:a[5]!==void 0?l.object={termType:_t,value:a[5]}:(l.object={termType:li,value:void 0,datatype:{termType:ke}},a[7]!==void 0?l.object.datatype.value=kt(a[7]):a[8]!==void 0?(l.object.datatype.value=ii,l.object.language=a[8]):l.object.datatype.value=si,l.object.value=Bo(a[6])),a[9]!==void 0?l.graph={termType:ke,value:kt(a[9])}:a[10]!==void 0?l.graph={termType:_t,value:a[10]}:l.graph={termType:Uo,value:""},!(l.graph.value in r))r[l.graph.value]=[l],n.push(l);else{let c=!0,u=r[l.graph.value];for(let h of u)if(Jo(h,l)){c=!1;break}c&&(u.push(l),n.push(l))}}return n}static serialize(t){let n=[];for(let r of t)n.push(Fn.serializeQuad(r));return n.sort().join("")}static serializeQuadComponents(t,n,r,o){let s="";return t.termType===ke?s+=`<${Dt(t.value)}>`:s+=`_:${t.value}`,n.termType===ke?s+=` <${Dt(n.value)}> `:s+=` _:${n.value} `,r.termType===ke?s+=`<${Dt(r.value)}>`:r.termType===_t?s+=`_:${r.value}`:(s+=`"${Ho(r.value)}"`,r.datatype.value===ii?r.language&&(s+=`@${r.language}`):r.datatype.value!==si&&(s+=`^^<${Dt(r.datatype.value)}>`)),o.termType===ke?s+=` <${Dt(o.value)}>`:o.termType===_t&&(s+=` _:${o.value}`),s+=` .
`,s}static serializeQuad(t){return Fn.serializeQuadComponents(t.subject,t.predicate,t.object,t.graph)}};function Jo(e,t){return!(e.subject.termType===t.subject.termType&&e.object.termType===t.object.termType)||!(e.subject.value===t.subject.value&&e.predicate.value===t.predicate.value&&e.object.value===t.object.value)?!1:e.object.termType!==li?!0:e.object.datatype.termType===t.object.datatype.termType&&e.object.language===t.object.language&&e.object.datatype.value===t.object.datatype.value}var en=/[\u0000-\u001F\u007F"\\]/g,Re=[];for(let e=0;e<=127;++e)en.test(String.fromCharCode(e))&&(Re[e]="\\u"+e.toString(16).toUpperCase().padStart(4,"0"),en.lastIndex=0);Re["\b".codePointAt(0)]="\\b";Re["	".codePointAt(0)]="\\t";Re[`
`.codePointAt(0)]="\\n";Re["\f".codePointAt(0)]="\\f";Re["\r".codePointAt(0)]="\\r";Re['"'.codePointAt(0)]='\\"';Re["\\".codePointAt(0)]="\\\\";function Ho(e){return en.test(e)?e.replace(en,function(t){return Re[t.codePointAt(0)]}):e}var oi=/(?:\\([btnfr"'\\]))|(?:\\u([0-9A-Fa-f]{4}))|(?:\\U([0-9A-Fa-f]{8}))/g;function Bo(e){return oi.test(e)?e.replace(oi,function(t,n,r,o){if(n)switch(n){case"b":return"\b";case"t":return"	";case"n":return`
`;case"f":return"\f";case"r":return"\r";case'"':return'"';case"'":return"'";case"\\":return"\\"}if(r)return String.fromCharCode(parseInt(r,16));if(o)return String.fromCodePoint(parseInt(o,16))}):e}var tn=/[\u0000-\u0020<>"{}|^`\\]/g,di=[];for(let e=0;e<=127;++e)tn.test(String.fromCharCode(e))&&(di[e]="\\u"+e.toString(16).toUpperCase().padStart(4,"0"),tn.lastIndex=0);function Dt(e){return tn.test(e)?e.replace(tn,function(t){return di[t.codePointAt(0)]}):e}var ai=/(?:\\u([0-9A-Fa-f]{4}))|(?:\\U([0-9A-Fa-f]{8}))/g;function kt(e){return ai.test(e)?e.replace(ai,function(t,n,r){if(n)return String.fromCharCode(parseInt(n,16));if(r)return String.fromCodePoint(parseInt(r,16))}):e}});var hi=R((Sc,fi)=>{"use strict";var pi=Qt(),Vo=Cn(),Xo=Zn(),ui=nn(),{setImmediate:Go}=zn();fi.exports=class{constructor({createMessageDigest:t=null,messageDigestAlgorithm:n="sha256",canonicalIdMap:r=new Map,maxWorkFactor:o=1,maxDeepIterations:s=-1,signal:i=null}={}){this.name="RDFC-1.0",this.blankNodeInfo=new Map,this.canonicalIssuer=new pi("c14n",r),this.createMessageDigest=t||(()=>new Vo(n)),this.maxWorkFactor=o,this.maxDeepIterations=s,this.remainingDeepIterations=0,this.signal=i,this.quads=null}async main(t){this.quads=t;for(let l of t)this._addBlankNodeQuadInfo({quad:l,component:l.subject}),this._addBlankNodeQuadInfo({quad:l,component:l.object}),this._addBlankNodeQuadInfo({quad:l,component:l.graph});let n=new Map,r=[...this.blankNodeInfo.keys()],o=0;for(let l of r)++o%100===0&&await this._yield(),await this._hashAndTrackBlankNode({id:l,hashToBlankNodes:n});let s=[...n.keys()].sort(),i=[];for(let l of s){let c=n.get(l);if(c.length>1){i.push(c);continue}let u=c[0];this.canonicalIssuer.getId(u)}if(this.maxDeepIterations<0)if(this.maxWorkFactor===0)this.maxDeepIterations=0;else if(this.maxWorkFactor===1/0)this.maxDeepIterations=1/0;else{let l=i.reduce((c,u)=>c+u.length,0);this.maxDeepIterations=l**this.maxWorkFactor}this.maxDeepIterations>Number.MAX_SAFE_INTEGER&&(this.maxDeepIterations=1/0),this.remainingDeepIterations=this.maxDeepIterations;for(let l of i){let c=[];for(let u of l){if(this.canonicalIssuer.hasId(u))continue;let h=new pi("b");h.getId(u);let f=await this.hashNDegreeQuads(u,h);c.push(f)}c.sort(Ko);for(let u of c){let h=u.issuer.getOldIds();for(let f of h)this.canonicalIssuer.getId(f)}}let a=[];for(let l of this.quads){let c=ui.serializeQuadComponents(this._componentWithCanonicalId(l.subject),l.predicate,this._componentWithCanonicalId(l.object),this._componentWithCanonicalId(l.graph));a.push(c)}return a.sort(),a.join("")}async hashFirstDegreeQuads(t){let n=[],r=this.blankNodeInfo.get(t),o=r.quads;for(let i of o)n.push(ui.serializeQuadComponents(this.modifyFirstDegreeComponent(t,i.subject,"subject"),i.predicate,this.modifyFirstDegreeComponent(t,i.object,"object"),this.modifyFirstDegreeComponent(t,i.graph,"graph")));n.sort();let s=this.createMessageDigest();for(let i of n)s.update(i);return r.hash=await s.digest(),r.hash}async hashRelatedBlankNode(t,n,r,o){let s=this.createMessageDigest();s.update(o),o!=="g"&&s.update(this.getRelatedPredicate(n));let i;return this.canonicalIssuer.hasId(t)?i="_:"+this.canonicalIssuer.getId(t):r.hasId(t)?i="_:"+r.getId(t):i=this.blankNodeInfo.get(t).hash,s.update(i),s.digest()}async hashNDegreeQuads(t,n){if(this.remainingDeepIterations===0)throw new Error(`Maximum deep iterations exceeded (${this.maxDeepIterations}).`);this.remainingDeepIterations--;let r=this.createMessageDigest(),o=await this.createHashToRelated(t,n),s=[...o.keys()].sort();for(let i of s){r.update(i);let a="",l,c=new Xo(o.get(i)),u=0;for(;c.hasNext();){let h=c.next();if(++u%3===0){if(this.signal&&this.signal.aborted)throw new Error(`Abort signal received: "${this.signal.reason}".`);await this._yield()}let f=n.clone(),d="",p=[],m=!1;for(let g of h)if(this.canonicalIssuer.hasId(g)?d+="_:"+this.canonicalIssuer.getId(g):(f.hasId(g)||p.push(g),d+="_:"+f.getId(g)),a.length!==0&&d>a){m=!0;break}if(!m){for(let g of p){let y=await this.hashNDegreeQuads(g,f);if(d+="_:"+f.getId(g),d+=`<${y.hash}>`,f=y.issuer,a.length!==0&&d>a){m=!0;break}}m||(a.length===0||d<a)&&(a=d,l=f)}}r.update(a),n=l}return{hash:await r.digest(),issuer:n}}modifyFirstDegreeComponent(t,n){return n.termType!=="BlankNode"?n:{termType:"BlankNode",value:n.value===t?"a":"z"}}getRelatedPredicate(t){return`<${t.predicate.value}>`}async createHashToRelated(t,n){let r=new Map,o=this.blankNodeInfo.get(t).quads,s=0;for(let i of o)++s%100===0&&await this._yield(),await Promise.all([this._addRelatedBlankNodeHash({quad:i,component:i.subject,position:"s",id:t,issuer:n,hashToRelated:r}),this._addRelatedBlankNodeHash({quad:i,component:i.object,position:"o",id:t,issuer:n,hashToRelated:r}),this._addRelatedBlankNodeHash({quad:i,component:i.graph,position:"g",id:t,issuer:n,hashToRelated:r})]);return r}async _hashAndTrackBlankNode({id:t,hashToBlankNodes:n}){let r=await this.hashFirstDegreeQuads(t),o=n.get(r);o?o.push(t):n.set(r,[t])}_addBlankNodeQuadInfo({quad:t,component:n}){if(n.termType!=="BlankNode")return;let r=n.value,o=this.blankNodeInfo.get(r);o?o.quads.add(t):this.blankNodeInfo.set(r,{quads:new Set([t]),hash:null})}async _addRelatedBlankNodeHash({quad:t,component:n,position:r,id:o,issuer:s,hashToRelated:i}){if(!(n.termType==="BlankNode"&&n.value!==o))return;let a=n.value,l=await this.hashRelatedBlankNode(a,t,s,r),c=i.get(l);c?c.push(a):i.set(l,[a])}_componentWithCanonicalId(t){return t.termType==="BlankNode"&&!t.value.startsWith(this.canonicalIssuer.prefix)?{termType:"BlankNode",value:this.canonicalIssuer.getId(t.value)}:t}async _yield(){return new Promise(t=>Go(t))}};function Ko(e,t){return e.hash<t.hash?-1:e.hash>t.hash?1:0}});var bi=R((Nc,yi)=>{"use strict";var gi=Qt(),Wo=Cn(),Qo=Zn(),mi=nn();yi.exports=class{constructor({createMessageDigest:t=null,messageDigestAlgorithm:n="sha256",canonicalIdMap:r=new Map,maxWorkFactor:o=1,maxDeepIterations:s=-1,timeout:i=0}={}){this.name="RDFC-1.0",this.blankNodeInfo=new Map,this.canonicalIssuer=new gi("c14n",r),this.createMessageDigest=t||(()=>new Wo(n)),this.maxWorkFactor=o,this.maxDeepIterations=s,this.remainingDeepIterations=0,this.timeout=i,i>0&&(this.startTime=Date.now()),this.quads=null}main(t){this.quads=t;for(let a of t)this._addBlankNodeQuadInfo({quad:a,component:a.subject}),this._addBlankNodeQuadInfo({quad:a,component:a.object}),this._addBlankNodeQuadInfo({quad:a,component:a.graph});let n=new Map,r=[...this.blankNodeInfo.keys()];for(let a of r)this._hashAndTrackBlankNode({id:a,hashToBlankNodes:n});let o=[...n.keys()].sort(),s=[];for(let a of o){let l=n.get(a);if(l.length>1){s.push(l);continue}let c=l[0];this.canonicalIssuer.getId(c)}if(this.maxDeepIterations<0)if(this.maxWorkFactor===0)this.maxDeepIterations=0;else if(this.maxWorkFactor===1/0)this.maxDeepIterations=1/0;else{let a=s.reduce((l,c)=>l+c.length,0);this.maxDeepIterations=a**this.maxWorkFactor}this.maxDeepIterations>Number.MAX_SAFE_INTEGER&&(this.maxDeepIterations=1/0),this.remainingDeepIterations=this.maxDeepIterations;for(let a of s){let l=[];for(let c of a){if(this.canonicalIssuer.hasId(c))continue;let u=new gi("b");u.getId(c);let h=this.hashNDegreeQuads(c,u);l.push(h)}l.sort(Yo);for(let c of l){let u=c.issuer.getOldIds();for(let h of u)this.canonicalIssuer.getId(h)}}let i=[];for(let a of this.quads){let l=mi.serializeQuadComponents(this._componentWithCanonicalId(a.subject),a.predicate,this._componentWithCanonicalId(a.object),this._componentWithCanonicalId(a.graph));i.push(l)}return i.sort(),i.join("")}hashFirstDegreeQuads(t){let n=[],r=this.blankNodeInfo.get(t),o=r.quads;for(let i of o)n.push(mi.serializeQuadComponents(this.modifyFirstDegreeComponent(t,i.subject,"subject"),i.predicate,this.modifyFirstDegreeComponent(t,i.object,"object"),this.modifyFirstDegreeComponent(t,i.graph,"graph")));n.sort();let s=this.createMessageDigest();for(let i of n)s.update(i);return r.hash=s.digest(),r.hash}hashRelatedBlankNode(t,n,r,o){let s=this.createMessageDigest();s.update(o),o!=="g"&&s.update(this.getRelatedPredicate(n));let i;return this.canonicalIssuer.hasId(t)?i="_:"+this.canonicalIssuer.getId(t):r.hasId(t)?i="_:"+r.getId(t):i=this.blankNodeInfo.get(t).hash,s.update(i),s.digest()}hashNDegreeQuads(t,n){if(this.remainingDeepIterations===0)throw new Error(`Maximum deep iterations exceeded (${this.maxDeepIterations}).`);this.remainingDeepIterations--;let r=this.createMessageDigest(),o=this.createHashToRelated(t,n),s=[...o.keys()].sort();for(let i of s){r.update(i);let a="",l,c=new Qo(o.get(i)),u=0;for(;c.hasNext();){let h=c.next();if(++u%3===0&&this.timeout>0&&Date.now()-this.startTime>this.timeout)throw new Error("Canonize timeout.");let f=n.clone(),d="",p=[],m=!1;for(let g of h)if(this.canonicalIssuer.hasId(g)?d+="_:"+this.canonicalIssuer.getId(g):(f.hasId(g)||p.push(g),d+="_:"+f.getId(g)),a.length!==0&&d>a){m=!0;break}if(!m){for(let g of p){let y=this.hashNDegreeQuads(g,f);if(d+="_:"+f.getId(g),d+=`<${y.hash}>`,f=y.issuer,a.length!==0&&d>a){m=!0;break}}m||(a.length===0||d<a)&&(a=d,l=f)}}r.update(a),n=l}return{hash:r.digest(),issuer:n}}modifyFirstDegreeComponent(t,n){return n.termType!=="BlankNode"?n:{termType:"BlankNode",value:n.value===t?"a":"z"}}getRelatedPredicate(t){return`<${t.predicate.value}>`}createHashToRelated(t,n){let r=new Map,o=this.blankNodeInfo.get(t).quads;for(let s of o)this._addRelatedBlankNodeHash({quad:s,component:s.subject,position:"s",id:t,issuer:n,hashToRelated:r}),this._addRelatedBlankNodeHash({quad:s,component:s.object,position:"o",id:t,issuer:n,hashToRelated:r}),this._addRelatedBlankNodeHash({quad:s,component:s.graph,position:"g",id:t,issuer:n,hashToRelated:r});return r}_hashAndTrackBlankNode({id:t,hashToBlankNodes:n}){let r=this.hashFirstDegreeQuads(t),o=n.get(r);o?o.push(t):n.set(r,[t])}_addBlankNodeQuadInfo({quad:t,component:n}){if(n.termType!=="BlankNode")return;let r=n.value,o=this.blankNodeInfo.get(r);o?o.quads.add(t):this.blankNodeInfo.set(r,{quads:new Set([t]),hash:null})}_addRelatedBlankNodeHash({quad:t,component:n,position:r,id:o,issuer:s,hashToRelated:i}){if(!(n.termType==="BlankNode"&&n.value!==o))return;let a=n.value,l=this.hashRelatedBlankNode(a,t,s,r),c=i.get(l);c?c.push(a):i.set(l,[a])}_componentWithCanonicalId(t){return t.termType==="BlankNode"&&!t.value.startsWith(this.canonicalIssuer.prefix)?{termType:"BlankNode",value:this.canonicalIssuer.getId(t.value)}:t}};function Yo(e,t){return e.hash<t.hash?-1:e.hash>t.hash?1:0}});var ji=R(gt=>{"use strict";var vi=hi(),wi=bi();function xi(e,t){if(t.inputFormat){if(t.inputFormat==="application/n-quads"){if(typeof e!="string")throw new Error("N-Quads input must be a string.");return gt.NQuads.parse(e)}throw new Error(`Unknown canonicalization input format: "${t.inputFormat}".`)}return e}function Ii(e){if(e.format&&e.format!=="application/n-quads")throw new Error(`Unknown canonicalization output format: "${e.format}".`)}function Oi(){globalThis.RDF_CANONIZE_TRACE_URDNA2015&&console.trace("[rdf-canonize] URDNA2015 is deprecated, use RDFC-1.0")}gt.NQuads=nn();gt.IdentifierIssuer=Qt();gt.canonize=async function(e,t={}){let n=xi(e,t);if(Ii(t),!("algorithm"in t))throw new Error("No RDF Dataset Canonicalization algorithm specified.");if(t.algorithm==="RDFC-1.0")return new vi(t).main(n);if(t.algorithm==="URDNA2015"&&!t.rejectURDNA2015)return Oi(),new vi(t).main(n);throw new Error("Invalid RDF Dataset Canonicalization algorithm: "+t.algorithm)};gt._canonizeSync=function(e,t={}){let n=xi(e,t);if(Ii(t),!("algorithm"in t))throw new Error("No RDF Dataset Canonicalization algorithm specified.");if(t.algorithm==="RDFC-1.0")return new wi(t).main(n);if(t.algorithm==="URDNA2015"&&!t.rejectURDNA2015)return Oi(),new wi(t).main(n);throw new Error("Invalid RDF Dataset Canonicalization algorithm: "+t.algorithm)}});var rn=R((_c,Ai)=>{Ai.exports=ji()});var ne=R((Dc,Si)=>{"use strict";var he={};Si.exports=he;he.isArray=Array.isArray;he.isBoolean=e=>typeof e=="boolean"||Object.prototype.toString.call(e)==="[object Boolean]";he.isDouble=e=>he.isNumber(e)&&(String(e).indexOf(".")!==-1||Math.abs(e)>=1e21);he.isEmptyObject=e=>he.isObject(e)&&Object.keys(e).length===0;he.isNumber=e=>typeof e=="number"||Object.prototype.toString.call(e)==="[object Number]";he.isNumeric=e=>!isNaN(parseFloat(e))&&isFinite(e);he.isObject=e=>Object.prototype.toString.call(e)==="[object Object]";he.isString=e=>typeof e=="string"||Object.prototype.toString.call(e)==="[object String]";he.isUndefined=e=>typeof e>"u"});var je=R((kc,$i)=>{"use strict";var Ye=ne(),Pe={};$i.exports=Pe;Pe.isSubject=e=>Ye.isObject(e)&&!("@value"in e||"@set"in e||"@list"in e)?Object.keys(e).length>1||!("@id"in e):!1;Pe.isSubjectReference=e=>Ye.isObject(e)&&Object.keys(e).length===1&&"@id"in e;Pe.isValue=e=>Ye.isObject(e)&&"@value"in e;Pe.isList=e=>Ye.isObject(e)&&"@list"in e;Pe.isGraph=e=>Ye.isObject(e)&&"@graph"in e&&Object.keys(e).filter(t=>t!=="@id"&&t!=="@index").length===1;Pe.isSimpleGraph=e=>Pe.isGraph(e)&&!("@id"in e);Pe.isBlankNode=e=>{if(Ye.isObject(e)){if("@id"in e){let t=e["@id"];return!Ye.isString(t)||t.indexOf("_:")===0}return Object.keys(e).length===0||!("@value"in e||"@set"in e||"@list"in e)}return!1}});var oe=R((Pc,Ni)=>{"use strict";Ni.exports=class extends Error{constructor(t="An unspecified JSON-LD error occurred.",n="jsonld.Error",r={}){super(t),this.name=n,this.message=t,this.details=r}}});var ae=R((Lc,Di)=>{"use strict";var Rt=je(),K=ne(),_i=rn().IdentifierIssuer,ea=oe(),ta=/^[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*$/,na=/(?:<[^>]*?>|"[^"]*?"|[^,])+/g,ra=/\s*<([^>]*?)>\s*(?:;\s*(.*))?/,ia=/(.*?)=(?:(?:"([^"]*?)")|([^"]*?))\s*(?:(?:;\s*)|$)/g,sa=/^@[a-zA-Z]+$/,Ei={headers:{accept:"application/ld+json, application/json"}},T={};Di.exports=T;T.IdentifierIssuer=_i;T.REGEX_BCP47=ta;T.REGEX_KEYWORD=sa;T.clone=function(e){if(e&&typeof e=="object"){let t;if(K.isArray(e)){t=[];for(let n=0;n<e.length;++n)t[n]=T.clone(e[n])}else if(e instanceof Map){t=new Map;for(let[n,r]of e)t.set(n,T.clone(r))}else if(e instanceof Set){t=new Set;for(let n of e)t.add(T.clone(n))}else if(K.isObject(e)){t={};for(let n in e)t[n]=T.clone(e[n])}else t=e.toString();return t}return e};T.asArray=function(e){return Array.isArray(e)?e:[e]};T.buildHeaders=(e={})=>{if(Object.keys(e).some(n=>n.toLowerCase()==="accept"))throw new RangeError('Accept header may not be specified; only "'+Ei.headers.accept+'" is supported.');return Object.assign({Accept:Ei.headers.accept},e)};T.parseLinkHeader=e=>{let t={},n=e.match(na);for(let r=0;r<n.length;++r){let o=n[r].match(ra);if(!o)continue;let s={target:o[1]},i=o[2];for(;o=ia.exec(i);)s[o[1]]=o[2]===void 0?o[3]:o[2];let a=s.rel||"";Array.isArray(t[a])?t[a].push(s):t.hasOwnProperty(a)?t[a]=[t[a],s]:t[a]=s}return t};T.validateTypeValue=(e,t)=>{if(!K.isString(e)&&!(K.isArray(e)&&e.every(n=>K.isString(n)))){if(t&&K.isObject(e))switch(Object.keys(e).length){case 0:return;case 1:if("@default"in e&&T.asArray(e["@default"]).every(n=>K.isString(n)))return}throw new ea('Invalid JSON-LD syntax; "@type" value must a string, an array of strings, an empty object, or a default object.',"jsonld.SyntaxError",{code:"invalid type value",value:e})}};T.hasProperty=(e,t)=>{if(e.hasOwnProperty(t)){let n=e[t];return!K.isArray(n)||n.length>0}return!1};T.hasValue=(e,t,n)=>{if(T.hasProperty(e,t)){let r=e[t],o=Rt.isList(r);if(K.isArray(r)||o){o&&(r=r["@list"]);for(let s=0;s<r.length;++s)if(T.compareValues(n,r[s]))return!0}else if(!K.isArray(n))return T.compareValues(n,r)}return!1};T.addValue=(e,t,n,r)=>{if(r=r||{},"propertyIsArray"in r||(r.propertyIsArray=!1),"valueIsArray"in r||(r.valueIsArray=!1),"allowDuplicate"in r||(r.allowDuplicate=!0),"prependValue"in r||(r.prependValue=!1),r.valueIsArray)e[t]=n;else if(K.isArray(n)){n.length===0&&r.propertyIsArray&&!e.hasOwnProperty(t)&&(e[t]=[]),r.prependValue&&(n=n.concat(e[t]),e[t]=[]);for(let o=0;o<n.length;++o)T.addValue(e,t,n[o],r)}else if(e.hasOwnProperty(t)){let o=!r.allowDuplicate&&T.hasValue(e,t,n);!K.isArray(e[t])&&(!o||r.propertyIsArray)&&(e[t]=[e[t]]),o||(r.prependValue?e[t].unshift(n):e[t].push(n))}else e[t]=r.propertyIsArray?[n]:n};T.getValues=(e,t)=>[].concat(e[t]||[]);T.removeProperty=(e,t)=>{delete e[t]};T.removeValue=(e,t,n,r)=>{r=r||{},"propertyIsArray"in r||(r.propertyIsArray=!1);let o=T.getValues(e,t).filter(s=>!T.compareValues(s,n));o.length===0?T.removeProperty(e,t):o.length===1&&!r.propertyIsArray?e[t]=o[0]:e[t]=o};T.relabelBlankNodes=(e,t)=>{t=t||{};let n=t.issuer||new _i("_:b");return sn(n,e)};T.compareValues=(e,t)=>e===t||Rt.isValue(e)&&Rt.isValue(t)&&e["@value"]===t["@value"]&&e["@type"]===t["@type"]&&e["@language"]===t["@language"]&&e["@index"]===t["@index"]?!0:K.isObject(e)&&"@id"in e&&K.isObject(t)&&"@id"in t?e["@id"]===t["@id"]:!1;T.compareShortestLeast=(e,t)=>e.length<t.length?-1:t.length<e.length?1:e===t?0:e<t?-1:1;function sn(e,t){if(K.isArray(t))for(let n=0;n<t.length;++n)t[n]=sn(e,t[n]);else if(Rt.isList(t))t["@list"]=sn(e,t["@list"]);else if(K.isObject(t)){Rt.isBlankNode(t)&&(t["@id"]=e.getId(t["@id"]));let n=Object.keys(t).sort();for(let r=0;r<n.length;++r){let o=n[r];o!=="@id"&&(t[o]=sn(e,t[o]))}}return t}});var on=R((Tc,ki)=>{"use strict";var we="http://www.w3.org/1999/02/22-rdf-syntax-ns#",Pt="http://www.w3.org/2001/XMLSchema#";ki.exports={LINK_HEADER_REL:"http://www.w3.org/ns/json-ld#context",LINK_HEADER_CONTEXT:"http://www.w3.org/ns/json-ld#context",RDF:we,RDF_LIST:we+"List",RDF_FIRST:we+"first",RDF_REST:we+"rest",RDF_NIL:we+"nil",RDF_TYPE:we+"type",RDF_PLAIN_LITERAL:we+"PlainLiteral",RDF_XML_LITERAL:we+"XMLLiteral",RDF_JSON_LITERAL:we+"JSON",RDF_OBJECT:we+"object",RDF_LANGSTRING:we+"langString",XSD:Pt,XSD_BOOLEAN:Pt+"boolean",XSD_DOUBLE:Pt+"double",XSD_INTEGER:Pt+"integer",XSD_STRING:Pt+"string"}});var Un=R((zc,Ri)=>{"use strict";Ri.exports=class{constructor(){this._requests={}}wrapLoader(t){let n=this;return n._loader=t,function(){return n.add.apply(n,arguments)}}async add(t){let n=this._requests[t];if(n)return Promise.resolve(n);n=this._requests[t]=this._loader(t);try{return await n}finally{delete this._requests[t]}}}});var Le=R((qc,Pi)=>{"use strict";var an=ne(),W={};Pi.exports=W;W.parsers={simple:{keys:["href","scheme","authority","path","query","fragment"],regex:/^(?:([^:\/?#]+):)?(?:\/\/([^\/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?/},full:{keys:["href","protocol","scheme","authority","auth","user","password","hostname","port","path","directory","file","query","fragment"],regex:/^(([a-zA-Z][a-zA-Z0-9+-.]*):)?(?:\/\/((?:(([^:@]*)(?::([^:@]*))?)?@)?([^:\/?#]*)(?::(\d*))?))?(?:(((?:[^?#\/]*\/)*)([^?#]*))(?:\?([^#]*))?(?:#(.*))?)/}};W.parse=(e,t)=>{let n={},r=W.parsers[t||"full"],o=r.regex.exec(e),s=r.keys.length;for(;s--;)n[r.keys[s]]=o[s]===void 0?null:o[s];return(n.scheme==="https"&&n.port==="443"||n.scheme==="http"&&n.port==="80")&&(n.href=n.href.replace(":"+n.port,""),n.authority=n.authority.replace(":"+n.port,""),n.port=null),n.normalizedPath=W.removeDotSegments(n.path),n};W.prependBase=(e,t)=>{if(e===null||W.isAbsolute(t))return t;(!e||an.isString(e))&&(e=W.parse(e||""));let n=W.parse(t),r={protocol:e.protocol||""};if(n.authority!==null)r.authority=n.authority,r.path=n.path,r.query=n.query;else if(r.authority=e.authority,n.path==="")r.path=e.path,n.query!==null?r.query=n.query:r.query=e.query;else{if(n.path.indexOf("/")===0)r.path=n.path;else{let s=e.path;s=s.substr(0,s.lastIndexOf("/")+1),(s.length>0||e.authority)&&s.substr(-1)!=="/"&&(s+="/"),s+=n.path,r.path=s}r.query=n.query}n.path!==""&&(r.path=W.removeDotSegments(r.path));let o=r.protocol;return r.authority!==null&&(o+="//"+r.authority),o+=r.path,r.query!==null&&(o+="?"+r.query),n.fragment!==null&&(o+="#"+n.fragment),o===""&&(o="./"),o};W.removeBase=(e,t)=>{if(e===null)return t;(!e||an.isString(e))&&(e=W.parse(e||""));let n="";if(e.href!==""?n+=(e.protocol||"")+"//"+(e.authority||""):t.indexOf("//")&&(n+="//"),t.indexOf(n)!==0)return t;let r=W.parse(t.substr(n.length)),o=e.normalizedPath.split("/"),s=r.normalizedPath.split("/"),i=r.fragment||r.query?0:1;for(;o.length>0&&s.length>i&&o[0]===s[0];)o.shift(),s.shift();let a="";if(o.length>0){o.pop();for(let l=0;l<o.length;++l)a+="../"}return a+=s.join("/"),r.query!==null&&(a+="?"+r.query),r.fragment!==null&&(a+="#"+r.fragment),a===""&&(a="./"),a};W.removeDotSegments=e=>{if(e.length===0)return"";let t=e.split("/"),n=[];for(;t.length>0;){let r=t.shift(),o=t.length===0;if(r==="."){o&&n.push("");continue}if(r===".."){n.pop(),o&&n.push("");continue}n.push(r)}return e[0]==="/"&&n.length>0&&n[0]!==""&&n.unshift(""),n.length===1&&n[0]===""?"/":n.join("/")};var oa=/^([A-Za-z][A-Za-z0-9+-.]*|_):[^\s]*$/;W.isAbsolute=e=>an.isString(e)&&oa.test(e);W.isRelative=e=>an.isString(e)});var Ti=R((Cc,Li)=>{"use strict";var{parseLinkHeader:aa,buildHeaders:la}=ae(),{LINK_HEADER_CONTEXT:da}=on(),Lt=oe(),ca=Un(),{prependBase:pa}=Le(),ua=/(^|(\r\n))link:/i;Li.exports=({secure:e,headers:t={},xhr:n}={headers:{}})=>{return t=la(t),new ca().wrapLoader(o);async function o(s){if(s.indexOf("http:")!==0&&s.indexOf("https:")!==0)throw new Lt('URL could not be dereferenced; only "http" and "https" URLs are supported.',"jsonld.InvalidUrl",{code:"loading document failed",url:s});if(e&&s.indexOf("https")!==0)throw new Lt(`URL could not be dereferenced; secure mode is enabled and the URL's scheme is not "https".`,"jsonld.InvalidUrl",{code:"loading document failed",url:s});let i;try{i=await fa(n,s,t)}catch(h){throw new Lt("URL could not be dereferenced, an error occurred.","jsonld.LoadDocumentError",{code:"loading document failed",url:s,cause:h})}if(i.status>=400)throw new Lt("URL could not be dereferenced: "+i.statusText,"jsonld.LoadDocumentError",{code:"loading document failed",url:s,httpStatusCode:i.status});let a={contextUrl:null,documentUrl:s,document:i.response},l=null,c=i.getResponseHeader("Content-Type"),u;if(ua.test(i.getAllResponseHeaders())&&(u=i.getResponseHeader("Link")),u&&c!=="application/ld+json"){let h=aa(u),f=h[da];if(Array.isArray(f))throw new Lt("URL could not be dereferenced, it has more than one associated HTTP Link Header.","jsonld.InvalidUrl",{code:"multiple context link headers",url:s});f&&(a.contextUrl=f.target),l=h.alternate,l&&l.type=="application/ld+json"&&!(c||"").match(/^application\/(\w*\+)?json$/)&&(a=await o(pa(s,l.target)))}return a}};function fa(e,t,n){e=e||XMLHttpRequest;let r=new e;return new Promise((o,s)=>{r.onload=()=>o(r),r.onerror=i=>s(i),r.open("GET",t,!0);for(let i in n)r.setRequestHeader(i,n[i]);r.send()})}});var zi=R((Zc,Mi)=>{"use strict";var ha=Ti(),Jn={};Mi.exports=Jn;Jn.setupDocumentLoaders=function(e){typeof XMLHttpRequest<"u"&&(e.documentLoaders.xhr=ha,e.useDocumentLoader("xhr"))};Jn.setupGlobals=function(e){typeof globalThis.JsonLdProcessor>"u"&&Object.defineProperty(globalThis,"JsonLdProcessor",{writable:!0,enumerable:!1,configurable:!0,value:e.JsonLdProcessor})}});var Ci=R((Fc,qi)=>{"use strict";qi.exports=function(e){e.prototype[Symbol.iterator]=function*(){for(let t=this.head;t;t=t.next)yield t.value}}});var Fi=R((Uc,Zi)=>{"use strict";Zi.exports=L;L.Node=et;L.create=L;function L(e){var t=this;if(t instanceof L||(t=new L),t.tail=null,t.head=null,t.length=0,e&&typeof e.forEach=="function")e.forEach(function(o){t.push(o)});else if(arguments.length>0)for(var n=0,r=arguments.length;n<r;n++)t.push(arguments[n]);return t}L.prototype.removeNode=function(e){if(e.list!==this)throw new Error("removing node which does not belong to this list");var t=e.next,n=e.prev;return t&&(t.prev=n),n&&(n.next=t),e===this.head&&(this.head=t),e===this.tail&&(this.tail=n),e.list.length--,e.next=null,e.prev=null,e.list=null,t};L.prototype.unshiftNode=function(e){if(e!==this.head){e.list&&e.list.removeNode(e);var t=this.head;e.list=this,e.next=t,t&&(t.prev=e),this.head=e,this.tail||(this.tail=e),this.length++}};L.prototype.pushNode=function(e){if(e!==this.tail){e.list&&e.list.removeNode(e);var t=this.tail;e.list=this,e.prev=t,t&&(t.next=e),this.tail=e,this.head||(this.head=e),this.length++}};L.prototype.push=function(){for(var e=0,t=arguments.length;e<t;e++)ma(this,arguments[e]);return this.length};L.prototype.unshift=function(){for(var e=0,t=arguments.length;e<t;e++)ya(this,arguments[e]);return this.length};L.prototype.pop=function(){if(this.tail){var e=this.tail.value;return this.tail=this.tail.prev,this.tail?this.tail.next=null:this.head=null,this.length--,e}};L.prototype.shift=function(){if(this.head){var e=this.head.value;return this.head=this.head.next,this.head?this.head.prev=null:this.tail=null,this.length--,e}};L.prototype.forEach=function(e,t){t=t||this;for(var n=this.head,r=0;n!==null;r++)e.call(t,n.value,r,this),n=n.next};L.prototype.forEachReverse=function(e,t){t=t||this;for(var n=this.tail,r=this.length-1;n!==null;r--)e.call(t,n.value,r,this),n=n.prev};L.prototype.get=function(e){for(var t=0,n=this.head;n!==null&&t<e;t++)n=n.next;if(t===e&&n!==null)return n.value};L.prototype.getReverse=function(e){for(var t=0,n=this.tail;n!==null&&t<e;t++)n=n.prev;if(t===e&&n!==null)return n.value};L.prototype.map=function(e,t){t=t||this;for(var n=new L,r=this.head;r!==null;)n.push(e.call(t,r.value,this)),r=r.next;return n};L.prototype.mapReverse=function(e,t){t=t||this;for(var n=new L,r=this.tail;r!==null;)n.push(e.call(t,r.value,this)),r=r.prev;return n};L.prototype.reduce=function(e,t){var n,r=this.head;if(arguments.length>1)n=t;else if(this.head)r=this.head.next,n=this.head.value;else throw new TypeError("Reduce of empty list with no initial value");for(var o=0;r!==null;o++)n=e(n,r.value,o),r=r.next;return n};L.prototype.reduceReverse=function(e,t){var n,r=this.tail;if(arguments.length>1)n=t;else if(this.tail)r=this.tail.prev,n=this.tail.value;else throw new TypeError("Reduce of empty list with no initial value");for(var o=this.length-1;r!==null;o--)n=e(n,r.value,o),r=r.prev;return n};L.prototype.toArray=function(){for(var e=new Array(this.length),t=0,n=this.head;n!==null;t++)e[t]=n.value,n=n.next;return e};L.prototype.toArrayReverse=function(){for(var e=new Array(this.length),t=0,n=this.tail;n!==null;t++)e[t]=n.value,n=n.prev;return e};L.prototype.slice=function(e,t){t=t||this.length,t<0&&(t+=this.length),e=e||0,e<0&&(e+=this.length);var n=new L;if(t<e||t<0)return n;e<0&&(e=0),t>this.length&&(t=this.length);for(var r=0,o=this.head;o!==null&&r<e;r++)o=o.next;for(;o!==null&&r<t;r++,o=o.next)n.push(o.value);return n};L.prototype.sliceReverse=function(e,t){t=t||this.length,t<0&&(t+=this.length),e=e||0,e<0&&(e+=this.length);var n=new L;if(t<e||t<0)return n;e<0&&(e=0),t>this.length&&(t=this.length);for(var r=this.length,o=this.tail;o!==null&&r>t;r--)o=o.prev;for(;o!==null&&r>e;r--,o=o.prev)n.push(o.value);return n};L.prototype.splice=function(e,t,...n){e>this.length&&(e=this.length-1),e<0&&(e=this.length+e);for(var r=0,o=this.head;o!==null&&r<e;r++)o=o.next;for(var s=[],r=0;o&&r<t;r++)s.push(o.value),o=this.removeNode(o);o===null&&(o=this.tail),o!==this.head&&o!==this.tail&&(o=o.prev);for(var r=0;r<n.length;r++)o=ga(this,o,n[r]);return s};L.prototype.reverse=function(){for(var e=this.head,t=this.tail,n=e;n!==null;n=n.prev){var r=n.prev;n.prev=n.next,n.next=r}return this.head=t,this.tail=e,this};function ga(e,t,n){var r=t===e.head?new et(n,null,t,e):new et(n,t,t.next,e);return r.next===null&&(e.tail=r),r.prev===null&&(e.head=r),e.length++,r}function ma(e,t){e.tail=new et(t,e.tail,null,e),e.head||(e.head=e.tail),e.length++}function ya(e,t){e.head=new et(t,null,e.head,e),e.tail||(e.tail=e.head),e.length++}function et(e,t,n,r){if(!(this instanceof et))return new et(e,t,n,r);this.list=r,this.value=e,t?(t.next=this,this.prev=t):this.prev=null,n?(n.prev=this,this.next=n):this.next=null}try{Ci()(L)}catch{}});var Gn=R((Jc,Bi)=>{"use strict";var ba=Fi(),tt=Symbol("max"),Me=Symbol("length"),mt=Symbol("lengthCalculator"),Mt=Symbol("allowStale"),nt=Symbol("maxAge"),Te=Symbol("dispose"),Ui=Symbol("noDisposeOnSet"),V=Symbol("lruList"),xe=Symbol("cache"),Hi=Symbol("updateAgeOnGet"),Hn=()=>1,Vn=class{constructor(t){if(typeof t=="number"&&(t={max:t}),t||(t={}),t.max&&(typeof t.max!="number"||t.max<0))throw new TypeError("max must be a non-negative number");let n=this[tt]=t.max||1/0,r=t.length||Hn;if(this[mt]=typeof r!="function"?Hn:r,this[Mt]=t.stale||!1,t.maxAge&&typeof t.maxAge!="number")throw new TypeError("maxAge must be a number");this[nt]=t.maxAge||0,this[Te]=t.dispose,this[Ui]=t.noDisposeOnSet||!1,this[Hi]=t.updateAgeOnGet||!1,this.reset()}set max(t){if(typeof t!="number"||t<0)throw new TypeError("max must be a non-negative number");this[tt]=t||1/0,Tt(this)}get max(){return this[tt]}set allowStale(t){this[Mt]=!!t}get allowStale(){return this[Mt]}set maxAge(t){if(typeof t!="number")throw new TypeError("maxAge must be a non-negative number");this[nt]=t,Tt(this)}get maxAge(){return this[nt]}set lengthCalculator(t){typeof t!="function"&&(t=Hn),t!==this[mt]&&(this[mt]=t,this[Me]=0,this[V].forEach(n=>{n.length=this[mt](n.value,n.key),this[Me]+=n.length})),Tt(this)}get lengthCalculator(){return this[mt]}get length(){return this[Me]}get itemCount(){return this[V].length}rforEach(t,n){n=n||this;for(let r=this[V].tail;r!==null;){let o=r.prev;Ji(this,t,r,n),r=o}}forEach(t,n){n=n||this;for(let r=this[V].head;r!==null;){let o=r.next;Ji(this,t,r,n),r=o}}keys(){return this[V].toArray().map(t=>t.key)}values(){return this[V].toArray().map(t=>t.value)}reset(){this[Te]&&this[V]&&this[V].length&&this[V].forEach(t=>this[Te](t.key,t.value)),this[xe]=new Map,this[V]=new ba,this[Me]=0}dump(){return this[V].map(t=>ln(this,t)?!1:{k:t.key,v:t.value,e:t.now+(t.maxAge||0)}).toArray().filter(t=>t)}dumpLru(){return this[V]}set(t,n,r){if(r=r||this[nt],r&&typeof r!="number")throw new TypeError("maxAge must be a number");let o=r?Date.now():0,s=this[mt](n,t);if(this[xe].has(t)){if(s>this[tt])return yt(this,this[xe].get(t)),!1;let l=this[xe].get(t).value;return this[Te]&&(this[Ui]||this[Te](t,l.value)),l.now=o,l.maxAge=r,l.value=n,this[Me]+=s-l.length,l.length=s,this.get(t),Tt(this),!0}let i=new Xn(t,n,s,o,r);return i.length>this[tt]?(this[Te]&&this[Te](t,n),!1):(this[Me]+=i.length,this[V].unshift(i),this[xe].set(t,this[V].head),Tt(this),!0)}has(t){if(!this[xe].has(t))return!1;let n=this[xe].get(t).value;return!ln(this,n)}get(t){return Bn(this,t,!0)}peek(t){return Bn(this,t,!1)}pop(){let t=this[V].tail;return t?(yt(this,t),t.value):null}del(t){yt(this,this[xe].get(t))}load(t){this.reset();let n=Date.now();for(let r=t.length-1;r>=0;r--){let o=t[r],s=o.e||0;if(s===0)this.set(o.k,o.v);else{let i=s-n;i>0&&this.set(o.k,o.v,i)}}}prune(){this[xe].forEach((t,n)=>Bn(this,n,!1))}},Bn=(e,t,n)=>{let r=e[xe].get(t);if(r){let o=r.value;if(ln(e,o)){if(yt(e,r),!e[Mt])return}else n&&(e[Hi]&&(r.value.now=Date.now()),e[V].unshiftNode(r));return o.value}},ln=(e,t)=>{if(!t||!t.maxAge&&!e[nt])return!1;let n=Date.now()-t.now;return t.maxAge?n>t.maxAge:e[nt]&&n>e[nt]},Tt=e=>{if(e[Me]>e[tt])for(let t=e[V].tail;e[Me]>e[tt]&&t!==null;){let n=t.prev;yt(e,t),t=n}},yt=(e,t)=>{if(t){let n=t.value;e[Te]&&e[Te](n.key,n.value),e[Me]-=n.length,e[xe].delete(n.key),e[V].removeNode(t)}},Xn=class{constructor(t,n,r,o,s){this.key=t,this.value=n,this.length=r,this.now=o,this.maxAge=s||0}},Ji=(e,t,n,r)=>{let o=n.value;ln(e,o)&&(yt(e,n),e[Mt]||(o=void 0)),o&&t.call(r,o.value,o.key,e)};Bi.exports=Vn});var Xi=R((Bc,Vi)=>{"use strict";var va=Gn(),wa=10;Vi.exports=class{constructor({document:t}){this.document=t,this.cache=new va({max:wa})}getProcessed(t){return this.cache.get(t)}setProcessed(t,n){this.cache.set(t,n)}}});var Qi=R((Xc,Wi)=>{"use strict";var{isArray:Kn,isObject:qt,isString:dn}=ne(),{asArray:xa}=ae(),{prependBase:Wn}=Le(),zt=oe(),Gi=Xi(),Ki=10;Wi.exports=class{constructor({sharedCache:t}){this.perOpCache=new Map,this.sharedCache=t}async resolve({activeCtx:t,context:n,documentLoader:r,base:o,cycles:s=new Set}){n&&qt(n)&&n["@context"]&&(n=n["@context"]),n=xa(n);let i=[];for(let a of n){if(dn(a)){let u=this._get(a);u||(u=await this._resolveRemoteContext({activeCtx:t,url:a,documentLoader:r,base:o,cycles:s})),Kn(u)?i.push(...u):i.push(u);continue}if(a===null){i.push(new Gi({document:null}));continue}qt(a)||Ia(n);let l=JSON.stringify(a),c=this._get(l);c||(c=new Gi({document:a}),this._cacheResolvedContext({key:l,resolved:c,tag:"static"})),i.push(c)}return i}_get(t){let n=this.perOpCache.get(t);if(!n){let r=this.sharedCache.get(t);r&&(n=r.get("static"),n&&this.perOpCache.set(t,n))}return n}_cacheResolvedContext({key:t,resolved:n,tag:r}){if(this.perOpCache.set(t,n),r!==void 0){let o=this.sharedCache.get(t);o||(o=new Map,this.sharedCache.set(t,o)),o.set(r,n)}return n}async _resolveRemoteContext({activeCtx:t,url:n,documentLoader:r,base:o,cycles:s}){n=Wn(o,n);let{context:i,remoteDoc:a}=await this._fetchContext({activeCtx:t,url:n,documentLoader:r,cycles:s});o=a.documentUrl||n,Qn({context:i,base:o});let l=await this.resolve({activeCtx:t,context:i,documentLoader:r,base:o,cycles:s});return this._cacheResolvedContext({key:n,resolved:l,tag:a.tag}),l}async _fetchContext({activeCtx:t,url:n,documentLoader:r,cycles:o}){if(o.size>Ki)throw new zt("Maximum number of @context URLs exceeded.","jsonld.ContextUrlError",{code:t.processingMode==="json-ld-1.0"?"loading remote context failed":"context overflow",max:Ki});if(o.has(n))throw new zt("Cyclical @context URLs detected.","jsonld.ContextUrlError",{code:t.processingMode==="json-ld-1.0"?"recursive context inclusion":"context overflow",url:n});o.add(n);let s,i;try{i=await r(n),s=i.document||null,dn(s)&&(s=JSON.parse(s))}catch(a){throw new zt(`Dereferencing a URL did not result in a valid JSON-LD object. Possible causes are an inaccessible URL perhaps due to a same-origin policy (ensure the server uses CORS if you are using client-side JavaScript), too many redirects, a non-JSON response, or more than one HTTP Link Header was provided for a remote context. URL: "${n}".`,"jsonld.InvalidUrl",{code:"loading remote context failed",url:n,cause:a})}if(!qt(s))throw new zt(`Dereferencing a URL did not result in a JSON object. The response was valid JSON, but it was not a JSON object. URL: "${n}".`,"jsonld.InvalidUrl",{code:"invalid remote context",url:n});return"@context"in s?s={"@context":s["@context"]}:s={"@context":{}},i.contextUrl&&(Kn(s["@context"])||(s["@context"]=[s["@context"]]),s["@context"].push(i.contextUrl)),{context:s,remoteDoc:i}}};function Ia(e){throw new zt("Invalid JSON-LD syntax; @context must be an object.","jsonld.SyntaxError",{code:"invalid local context",context:e})}function Qn({context:e,base:t}){if(!e)return;let n=e["@context"];if(dn(n)){e["@context"]=Wn(t,n);return}if(Kn(n)){for(let r=0;r<n.length;++r){let o=n[r];if(dn(o)){n[r]=Wn(t,o);continue}qt(o)&&Qn({context:{"@context":o},base:t})}return}if(qt(n))for(let r in n)Qn({context:n[r],base:t})}});var es=R((Gc,Yi)=>{"use strict";Yi.exports=rn().NQuads});var bt=R((Kc,rs)=>{"use strict";var Yn=oe(),{isArray:Oa}=ne(),{asArray:ts}=ae(),le={};rs.exports=le;le.defaultEventHandler=null;le.setupEventHandler=({options:e={}})=>{let t=[].concat(e.safe?le.safeEventHandler:[],e.eventHandler?ts(e.eventHandler):[],le.defaultEventHandler?le.defaultEventHandler:[]);return t.length===0?null:t};le.handleEvent=({event:e,options:t})=>{ns({event:e,handlers:t.eventHandler})};function ns({event:e,handlers:t}){let n=!0;for(let r=0;n&&r<t.length;++r){n=!1;let o=t[r];if(Oa(o))n=ns({event:e,handlers:o});else if(typeof o=="function")o({event:e,next:()=>{n=!0}});else if(typeof o=="object")e.code in o?o[e.code]({event:e,next:()=>{n=!0}}):n=!0;else throw new Yn("Invalid event handler.","jsonld.InvalidEventHandler",{event:e})}return n}var ja=new Set(["empty object","free-floating scalar","invalid @language value","invalid property","null @id value","null @value value","object with only @id","object with only @language","object with only @list","object with only @value","relative @id reference","relative @type reference","relative @vocab reference","reserved @id value","reserved @reverse value","reserved term","blank node predicate","relative graph reference","relative object reference","relative predicate reference","relative subject reference","rdfDirection not set"]);le.safeEventHandler=function({event:t,next:n}){if(t.level==="warning"&&ja.has(t.code))throw new Yn("Safe mode validation error.","jsonld.ValidationError",{event:t});n()};le.logEventHandler=function({event:t,next:n}){console.log(`EVENT: ${t.message}`,{event:t}),n()};le.logWarningEventHandler=function({event:t,next:n}){t.level==="warning"&&console.warn(`WARNING: ${t.message}`,{event:t}),n()};le.unhandledEventHandler=function({event:t}){throw new Yn("No handler for event.","jsonld.UnhandledEvent",{event:t})};le.setDefaultEventHandler=function({eventHandler:e}={}){le.defaultEventHandler=e?ts(e):null}});var Je=R((Wc,as)=>{"use strict";var is=ae(),$=oe(),{isArray:ss,isObject:Ue,isString:re,isUndefined:Aa}=ne(),{isAbsolute:rt,isRelative:Sa,prependBase:Ct}=Le(),{handleEvent:wt}=bt(),{REGEX_BCP47:$a,REGEX_KEYWORD:pn,asArray:os,compareShortestLeast:Na}=ae(),cn=new Map,Ea=1e4,q={};as.exports=q;q.process=async({activeCtx:e,localCtx:t,options:n,propagate:r=!0,overrideProtected:o=!1,cycles:s=new Set})=>{if(Ue(t)&&"@context"in t&&ss(t["@context"])&&(t=t["@context"]),os(t).length===0)return e;let a=[],l=[({event:f,next:d})=>{a.push(f),d()}];n.eventHandler&&l.push(n.eventHandler);let c=n;n={...n,eventHandler:l};let u=await n.contextResolver.resolve({activeCtx:e,context:t,documentLoader:n.documentLoader,base:n.base});Ue(u[0].document)&&typeof u[0].document["@propagate"]=="boolean"&&(r=u[0].document["@propagate"]);let h=e;!r&&!h.previousContext&&(h=h.clone(),h.previousContext=e);for(let f of u){let{document:d}=f;if(e=h,d===null){if(!o&&Object.keys(e.protected).length!==0)throw new $("Tried to nullify a context with protected terms outside of a term definition.","jsonld.SyntaxError",{code:"invalid context nullification"});h=e=q.getInitialContext(n).clone();continue}let p=f.getProcessed(e);if(p){if(c.eventHandler)for(let g of p.events)wt({event:g,options:c});h=e=p.context;continue}if(Ue(d)&&"@context"in d&&(d=d["@context"]),!Ue(d))throw new $("Invalid JSON-LD syntax; @context must be an object.","jsonld.SyntaxError",{code:"invalid local context",context:d});h=h.clone();let m=new Map;if("@version"in d){if(d["@version"]!==1.1)throw new $("Unsupported JSON-LD version: "+d["@version"],"jsonld.UnsupportedVersion",{code:"invalid @version value",context:d});if(e.processingMode&&e.processingMode==="json-ld-1.0")throw new $("@version: "+d["@version"]+" not compatible with "+e.processingMode,"jsonld.ProcessingModeConflict",{code:"processing mode conflict",context:d});h.processingMode="json-ld-1.1",h["@version"]=d["@version"],m.set("@version",!0)}if(h.processingMode=h.processingMode||e.processingMode,"@base"in d){let g=d["@base"];if(!(g===null||rt(g)))if(Sa(g))g=Ct(h["@base"],g);else throw new $('Invalid JSON-LD syntax; the value of "@base" in a @context must be an absolute IRI, a relative IRI, or null.',"jsonld.SyntaxError",{code:"invalid base IRI",context:d});h["@base"]=g,m.set("@base",!0)}if("@vocab"in d){let g=d["@vocab"];if(g===null)delete h["@vocab"];else if(re(g)){if(!rt(g)&&q.processingMode(h,1))throw new $('Invalid JSON-LD syntax; the value of "@vocab" in a @context must be an absolute IRI.',"jsonld.SyntaxError",{code:"invalid vocab mapping",context:d});{let y=vt(h,g,{vocab:!0,base:!0},void 0,void 0,n);rt(y)||n.eventHandler&&wt({event:{type:["JsonLdEvent"],code:"relative @vocab reference",level:"warning",message:"Relative @vocab reference found.",details:{vocab:y}},options:n}),h["@vocab"]=y}}else throw new $('Invalid JSON-LD syntax; the value of "@vocab" in a @context must be a string or null.',"jsonld.SyntaxError",{code:"invalid vocab mapping",context:d});m.set("@vocab",!0)}if("@language"in d){let g=d["@language"];if(g===null)delete h["@language"];else if(re(g))g.match($a)||n.eventHandler&&wt({event:{type:["JsonLdEvent"],code:"invalid @language value",level:"warning",message:"@language value must be valid BCP47.",details:{language:g}},options:n}),h["@language"]=g.toLowerCase();else throw new $('Invalid JSON-LD syntax; the value of "@language" in a @context must be a string or null.',"jsonld.SyntaxError",{code:"invalid default language",context:d});m.set("@language",!0)}if("@direction"in d){let g=d["@direction"];if(e.processingMode==="json-ld-1.0")throw new $("Invalid JSON-LD syntax; @direction not compatible with "+e.processingMode,"jsonld.SyntaxError",{code:"invalid context member",context:d});if(g===null)delete h["@direction"];else{if(g!=="ltr"&&g!=="rtl")throw new $('Invalid JSON-LD syntax; the value of "@direction" in a @context must be null, "ltr", or "rtl".',"jsonld.SyntaxError",{code:"invalid base direction",context:d});h["@direction"]=g}m.set("@direction",!0)}if("@propagate"in d){let g=d["@propagate"];if(e.processingMode==="json-ld-1.0")throw new $("Invalid JSON-LD syntax; @propagate not compatible with "+e.processingMode,"jsonld.SyntaxError",{code:"invalid context entry",context:d});if(typeof g!="boolean")throw new $("Invalid JSON-LD syntax; @propagate value must be a boolean.","jsonld.SyntaxError",{code:"invalid @propagate value",context:t});m.set("@propagate",!0)}if("@import"in d){let g=d["@import"];if(e.processingMode==="json-ld-1.0")throw new $("Invalid JSON-LD syntax; @import not compatible with "+e.processingMode,"jsonld.SyntaxError",{code:"invalid context entry",context:d});if(!re(g))throw new $("Invalid JSON-LD syntax; @import must be a string.","jsonld.SyntaxError",{code:"invalid @import value",context:t});let y=await n.contextResolver.resolve({activeCtx:e,context:g,documentLoader:n.documentLoader,base:n.base});if(y.length!==1)throw new $("Invalid JSON-LD syntax; @import must reference a single context.","jsonld.SyntaxError",{code:"invalid remote context",context:t});let v=y[0].getProcessed(e);if(v)d=v;else{let x=y[0].document;if("@import"in x)throw new $("Invalid JSON-LD syntax: imported context must not include @import.","jsonld.SyntaxError",{code:"invalid context entry",context:t});for(let b in x)d.hasOwnProperty(b)||(d[b]=x[b]);y[0].setProcessed(e,d)}m.set("@import",!0)}m.set("@protected",d["@protected"]||!1);for(let g in d)if(q.createTermDefinition({activeCtx:h,localCtx:d,term:g,defined:m,options:n,overrideProtected:o}),Ue(d[g])&&"@context"in d[g]){let y=d[g]["@context"],v=!0;if(re(y)){let x=Ct(n.base,y);s.has(x)?v=!1:s.add(x)}if(v)try{await q.process({activeCtx:h.clone(),localCtx:d[g]["@context"],overrideProtected:!0,options:n,cycles:s})}catch{throw new $("Invalid JSON-LD syntax; invalid scoped context.","jsonld.SyntaxError",{code:"invalid scoped context",context:d[g]["@context"],term:g})}}f.setProcessed(e,{context:h,events:a})}return h};q.createTermDefinition=({activeCtx:e,localCtx:t,term:n,defined:r,options:o,overrideProtected:s=!1})=>{if(r.has(n)){if(r.get(n))return;throw new $("Cyclical context definition detected.","jsonld.CyclicalContext",{code:"cyclic IRI mapping",context:t,term:n})}r.set(n,!1);let i;if(t.hasOwnProperty(n)&&(i=t[n]),n==="@type"&&Ue(i)&&(i["@container"]||"@set")==="@set"&&q.processingMode(e,1.1)){let d=["@container","@id","@protected"],p=Object.keys(i);if(p.length===0||p.some(m=>!d.includes(m)))throw new $("Invalid JSON-LD syntax; keywords cannot be overridden.","jsonld.SyntaxError",{code:"keyword redefinition",context:t,term:n})}else{if(q.isKeyword(n))throw new $("Invalid JSON-LD syntax; keywords cannot be overridden.","jsonld.SyntaxError",{code:"keyword redefinition",context:t,term:n});if(n.match(pn)){o.eventHandler&&wt({event:{type:["JsonLdEvent"],code:"reserved term",level:"warning",message:'Terms beginning with "@" are reserved for future use and dropped.',details:{term:n}},options:o});return}else if(n==="")throw new $("Invalid JSON-LD syntax; a term cannot be an empty string.","jsonld.SyntaxError",{code:"invalid term definition",context:t})}let a=e.mappings.get(n);e.mappings.has(n)&&e.mappings.delete(n);let l=!1;if((re(i)||i===null)&&(l=!0,i={"@id":i}),!Ue(i))throw new $("Invalid JSON-LD syntax; @context term values must be strings or objects.","jsonld.SyntaxError",{code:"invalid term definition",context:t});let c={};e.mappings.set(n,c),c.reverse=!1;let u=["@container","@id","@language","@reverse","@type"];q.processingMode(e,1.1)&&u.push("@context","@direction","@index","@nest","@prefix","@protected");for(let d in i)if(!u.includes(d))throw new $("Invalid JSON-LD syntax; a term definition must not contain "+d,"jsonld.SyntaxError",{code:"invalid term definition",context:t});let h=n.indexOf(":");if(c._termHasColon=h>0,"@reverse"in i){if("@id"in i)throw new $("Invalid JSON-LD syntax; a @reverse term definition must not contain @id.","jsonld.SyntaxError",{code:"invalid reverse property",context:t});if("@nest"in i)throw new $("Invalid JSON-LD syntax; a @reverse term definition must not contain @nest.","jsonld.SyntaxError",{code:"invalid reverse property",context:t});let d=i["@reverse"];if(!re(d))throw new $("Invalid JSON-LD syntax; a @context @reverse value must be a string.","jsonld.SyntaxError",{code:"invalid IRI mapping",context:t});if(d.match(pn)){o.eventHandler&&wt({event:{type:["JsonLdEvent"],code:"reserved @reverse value",level:"warning",message:'@reverse values beginning with "@" are reserved for future use and dropped.',details:{reverse:d}},options:o}),a?e.mappings.set(n,a):e.mappings.delete(n);return}let p=vt(e,d,{vocab:!0,base:!1},t,r,o);if(!rt(p))throw new $("Invalid JSON-LD syntax; a @context @reverse value must be an absolute IRI or a blank node identifier.","jsonld.SyntaxError",{code:"invalid IRI mapping",context:t});c["@id"]=p,c.reverse=!0}else if("@id"in i){let d=i["@id"];if(d&&!re(d))throw new $("Invalid JSON-LD syntax; a @context @id value must be an array of strings or a string.","jsonld.SyntaxError",{code:"invalid IRI mapping",context:t});if(d===null)c["@id"]=null;else if(!q.isKeyword(d)&&d.match(pn)){o.eventHandler&&wt({event:{type:["JsonLdEvent"],code:"reserved @id value",level:"warning",message:'@id values beginning with "@" are reserved for future use and dropped.',details:{id:d}},options:o}),a?e.mappings.set(n,a):e.mappings.delete(n);return}else if(d!==n){if(d=vt(e,d,{vocab:!0,base:!1},t,r,o),!rt(d)&&!q.isKeyword(d))throw new $("Invalid JSON-LD syntax; a @context @id value must be an absolute IRI, a blank node identifier, or a keyword.","jsonld.SyntaxError",{code:"invalid IRI mapping",context:t});if(n.match(/(?::[^:])|\//)){let p=new Map(r).set(n,!0);if(vt(e,n,{vocab:!0,base:!1},t,p,o)!==d)throw new $("Invalid JSON-LD syntax; term in form of IRI must expand to definition.","jsonld.SyntaxError",{code:"invalid IRI mapping",context:t})}c["@id"]=d,c._prefix=l&&!c._termHasColon&&d.match(/[:\/\?#\[\]@]$/)!==null}}if(!("@id"in c))if(c._termHasColon){let d=n.substr(0,h);if(t.hasOwnProperty(d)&&q.createTermDefinition({activeCtx:e,localCtx:t,term:d,defined:r,options:o}),e.mappings.has(d)){let p=n.substr(h+1);c["@id"]=e.mappings.get(d)["@id"]+p}else c["@id"]=n}else if(n==="@type")c["@id"]=n;else{if(!("@vocab"in e))throw new $("Invalid JSON-LD syntax; @context terms must define an @id.","jsonld.SyntaxError",{code:"invalid IRI mapping",context:t,term:n});c["@id"]=e["@vocab"]+n}if((i["@protected"]===!0||r.get("@protected")===!0&&i["@protected"]!==!1)&&(e.protected[n]=!0,c.protected=!0),r.set(n,!0),"@type"in i){let d=i["@type"];if(!re(d))throw new $("Invalid JSON-LD syntax; an @context @type value must be a string.","jsonld.SyntaxError",{code:"invalid type mapping",context:t});if(d==="@json"||d==="@none"){if(q.processingMode(e,1))throw new $(`Invalid JSON-LD syntax; an @context @type value must not be "${d}" in JSON-LD 1.0 mode.`,"jsonld.SyntaxError",{code:"invalid type mapping",context:t})}else if(d!=="@id"&&d!=="@vocab"){if(d=vt(e,d,{vocab:!0,base:!1},t,r,o),!rt(d))throw new $("Invalid JSON-LD syntax; an @context @type value must be an absolute IRI.","jsonld.SyntaxError",{code:"invalid type mapping",context:t});if(d.indexOf("_:")===0)throw new $("Invalid JSON-LD syntax; an @context @type value must be an IRI, not a blank node identifier.","jsonld.SyntaxError",{code:"invalid type mapping",context:t})}c["@type"]=d}if("@container"in i){let d=re(i["@container"])?[i["@container"]]:i["@container"]||[],p=["@list","@set","@index","@language"],m=!0,g=d.includes("@set");if(q.processingMode(e,1.1)){if(p.push("@graph","@id","@type"),d.includes("@list")){if(d.length!==1)throw new $("Invalid JSON-LD syntax; @context @container with @list must have no other values","jsonld.SyntaxError",{code:"invalid container mapping",context:t})}else if(d.includes("@graph")){if(d.some(y=>y!=="@graph"&&y!=="@id"&&y!=="@index"&&y!=="@set"))throw new $("Invalid JSON-LD syntax; @context @container with @graph must have no other values other than @id, @index, and @set","jsonld.SyntaxError",{code:"invalid container mapping",context:t})}else m&=d.length<=(g?2:1);if(d.includes("@type")&&(c["@type"]=c["@type"]||"@id",!["@id","@vocab"].includes(c["@type"])))throw new $("Invalid JSON-LD syntax; container: @type requires @type to be @id or @vocab.","jsonld.SyntaxError",{code:"invalid type mapping",context:t})}else m&=!ss(i["@container"]),m&=d.length<=1;if(m&=d.every(y=>p.includes(y)),m&=!(g&&d.includes("@list")),!m)throw new $("Invalid JSON-LD syntax; @context @container value must be one of the following: "+p.join(", "),"jsonld.SyntaxError",{code:"invalid container mapping",context:t});if(c.reverse&&!d.every(y=>["@index","@set"].includes(y)))throw new $("Invalid JSON-LD syntax; @context @container value for a @reverse type definition must be @index or @set.","jsonld.SyntaxError",{code:"invalid reverse property",context:t});c["@container"]=d}if("@index"in i){if(!("@container"in i)||!c["@container"].includes("@index"))throw new $(`Invalid JSON-LD syntax; @index without @index in @container: "${i["@index"]}" on term "${n}".`,"jsonld.SyntaxError",{code:"invalid term definition",context:t});if(!re(i["@index"])||i["@index"].indexOf("@")===0)throw new $(`Invalid JSON-LD syntax; @index must expand to an IRI: "${i["@index"]}" on term "${n}".`,"jsonld.SyntaxError",{code:"invalid term definition",context:t});c["@index"]=i["@index"]}if("@context"in i&&(c["@context"]=i["@context"]),"@language"in i&&!("@type"in i)){let d=i["@language"];if(d!==null&&!re(d))throw new $("Invalid JSON-LD syntax; @context @language value must be a string or null.","jsonld.SyntaxError",{code:"invalid language mapping",context:t});d!==null&&(d=d.toLowerCase()),c["@language"]=d}if("@prefix"in i){if(n.match(/:|\//))throw new $("Invalid JSON-LD syntax; @context @prefix used on a compact IRI term","jsonld.SyntaxError",{code:"invalid term definition",context:t});if(q.isKeyword(c["@id"]))throw new $("Invalid JSON-LD syntax; keywords may not be used as prefixes","jsonld.SyntaxError",{code:"invalid term definition",context:t});if(typeof i["@prefix"]=="boolean")c._prefix=i["@prefix"]===!0;else throw new $("Invalid JSON-LD syntax; @context value for @prefix must be boolean","jsonld.SyntaxError",{code:"invalid @prefix value",context:t})}if("@direction"in i){let d=i["@direction"];if(d!==null&&d!=="ltr"&&d!=="rtl")throw new $('Invalid JSON-LD syntax; @direction value must be null, "ltr", or "rtl".',"jsonld.SyntaxError",{code:"invalid base direction",context:t});c["@direction"]=d}if("@nest"in i){let d=i["@nest"];if(!re(d)||d!=="@nest"&&d.indexOf("@")===0)throw new $("Invalid JSON-LD syntax; @context @nest value must be a string which is not a keyword other than @nest.","jsonld.SyntaxError",{code:"invalid @nest value",context:t});c["@nest"]=d}let f=c["@id"];if(f==="@context"||f==="@preserve")throw new $("Invalid JSON-LD syntax; @context and @preserve cannot be aliased.","jsonld.SyntaxError",{code:"invalid keyword alias",context:t});if(a&&a.protected&&!s&&(e.protected[n]=!0,c.protected=!0,!er(a,c)))throw new $("Invalid JSON-LD syntax; tried to redefine a protected term.","jsonld.SyntaxError",{code:"protected term redefinition",context:t,term:n})};q.expandIri=(e,t,n,r)=>vt(e,t,n,void 0,void 0,r);function vt(e,t,n,r,o,s){if(t===null||!re(t)||q.isKeyword(t))return t;if(t.match(pn))return null;if(r&&r.hasOwnProperty(t)&&o.get(t)!==!0&&q.createTermDefinition({activeCtx:e,localCtx:r,term:t,defined:o,options:s}),n=n||{},n.vocab){let a=e.mappings.get(t);if(a===null)return null;if(Ue(a)&&"@id"in a)return a["@id"]}let i=t.indexOf(":");if(i>0){let a=t.substr(0,i),l=t.substr(i+1);if(a==="_"||l.indexOf("//")===0)return t;r&&r.hasOwnProperty(a)&&q.createTermDefinition({activeCtx:e,localCtx:r,term:a,defined:o,options:s});let c=e.mappings.get(a);if(c&&c._prefix)return c["@id"]+l;if(rt(t))return t}if(n.vocab&&"@vocab"in e)t=e["@vocab"]+t;else if(n.base){let a,l;"@base"in e?e["@base"]?(l=Ct(s.base,e["@base"]),a=Ct(l,t)):(l=e["@base"],a=t):(l=s.base,a=Ct(s.base,t)),t=a}return t}q.getInitialContext=e=>{let t=JSON.stringify({processingMode:e.processingMode}),n=cn.get(t);if(n)return n;let r={processingMode:e.processingMode,mappings:new Map,inverse:null,getInverse:o,clone:a,revertToPreviousContext:l,protected:{}};return cn.size===Ea&&cn.clear(),cn.set(t,r),r;function o(){let c=this;if(c.inverse)return c.inverse;let u=c.inverse={},h=c.fastCurieMap={},f={},d=(c["@language"]||"@none").toLowerCase(),p=c["@direction"],m=c.mappings,g=[...m.keys()].sort(Na);for(let y of g){let v=m.get(y);if(v===null)continue;let x=v["@container"]||"@none";if(x=[].concat(x).sort().join(""),v["@id"]===null)continue;let b=os(v["@id"]);for(let A of b){let w=u[A],U=q.isKeyword(A);if(w)!U&&!v._termHasColon&&f[A].push(y);else if(u[A]=w={},!U&&!v._termHasColon){f[A]=[y];let M={iri:A,terms:f[A]};A[0]in h?h[A[0]].push(M):h[A[0]]=[M]}if(w[x]||(w[x]={"@language":{},"@type":{},"@any":{}}),w=w[x],i(y,w["@any"],"@none"),v.reverse)i(y,w["@type"],"@reverse");else if(v["@type"]==="@none")i(y,w["@any"],"@none"),i(y,w["@language"],"@none"),i(y,w["@type"],"@none");else if("@type"in v)i(y,w["@type"],v["@type"]);else if("@language"in v&&"@direction"in v){let M=v["@language"],C=v["@direction"];M&&C?i(y,w["@language"],`${M}_${C}`.toLowerCase()):M?i(y,w["@language"],M.toLowerCase()):C?i(y,w["@language"],`_${C}`):i(y,w["@language"],"@null")}else"@language"in v?i(y,w["@language"],(v["@language"]||"@null").toLowerCase()):"@direction"in v?v["@direction"]?i(y,w["@language"],`_${v["@direction"]}`):i(y,w["@language"],"@none"):p?(i(y,w["@language"],`_${p}`),i(y,w["@language"],"@none"),i(y,w["@type"],"@none")):(i(y,w["@language"],d),i(y,w["@language"],"@none"),i(y,w["@type"],"@none"))}}for(let y in h)s(h,y,1);return u}function s(c,u,h){let f=c[u],d=c[u]={},p,m;for(let g of f)p=g.iri,h>=p.length?m="":m=p[h],m in d?d[m].push(g):d[m]=[g];for(let g in d)g!==""&&s(d,g,h+1)}function i(c,u,h){u.hasOwnProperty(h)||(u[h]=c)}function a(){let c={};return c.mappings=is.clone(this.mappings),c.clone=this.clone,c.inverse=null,c.getInverse=this.getInverse,c.protected=is.clone(this.protected),this.previousContext&&(c.previousContext=this.previousContext.clone()),c.revertToPreviousContext=this.revertToPreviousContext,"@base"in this&&(c["@base"]=this["@base"]),"@language"in this&&(c["@language"]=this["@language"]),"@vocab"in this&&(c["@vocab"]=this["@vocab"]),c}function l(){return this.previousContext?this.previousContext.clone():this}};q.getContextValue=(e,t,n)=>{if(t===null)return n==="@context"?void 0:null;if(e.mappings.has(t)){let r=e.mappings.get(t);if(Aa(n))return r;if(r.hasOwnProperty(n))return r[n]}if(n==="@language"&&n in e||n==="@direction"&&n in e)return e[n];if(n!=="@context")return null};q.processingMode=(e,t)=>t.toString()>="1.1"?!e.processingMode||e.processingMode>="json-ld-"+t.toString():e.processingMode==="json-ld-1.0";q.isKeyword=e=>{if(!re(e)||e[0]!=="@")return!1;switch(e){case"@base":case"@container":case"@context":case"@default":case"@direction":case"@embed":case"@explicit":case"@graph":case"@id":case"@included":case"@index":case"@json":case"@language":case"@list":case"@nest":case"@none":case"@omitDefault":case"@prefix":case"@preserve":case"@protected":case"@requireAll":case"@reverse":case"@set":case"@type":case"@value":case"@version":case"@vocab":return!0}return!1};function er(e,t){if(!(e&&typeof e=="object")||!(t&&typeof t=="object"))return e===t;let n=Array.isArray(e);if(n!==Array.isArray(t))return!1;if(n){if(e.length!==t.length)return!1;for(let s=0;s<e.length;++s)if(!er(e[s],t[s]))return!1;return!0}let r=Object.keys(e),o=Object.keys(t);if(r.length!==o.length)return!1;for(let s in e){let i=e[s],a=t[s];if(s==="@container"&&Array.isArray(i)&&Array.isArray(a)&&(i=i.slice().sort(),a=a.slice().sort()),!er(i,a))return!1}return!0}});var fs=R((Qc,us)=>{"use strict";var Z=oe(),{isArray:ye,isObject:ge,isEmptyObject:rr,isString:Q,isUndefined:hn}=ne(),{isList:tr,isValue:ir,isGraph:_a,isSubject:Da}=je(),{expandIri:J,getContextValue:ce,isKeyword:sr,process:Zt,processingMode:un}=Je(),{isAbsolute:fn}=Le(),{REGEX_BCP47:ls,REGEX_KEYWORD:ka,addValue:de,asArray:Ie,getValues:Ra,validateTypeValue:Pa}=ae(),{handleEvent:me}=bt(),He={};us.exports=He;He.expand=async({activeCtx:e,activeProperty:t=null,element:n,options:r={},insideList:o=!1,insideIndex:s=!1,typeScopedContext:i=null})=>{if(n==null)return null;if(t==="@default"&&(r=Object.assign({},r,{isFrame:!1})),!ye(n)&&!ge(n))return!o&&(t===null||J(e,t,{vocab:!0},r)==="@graph")?(r.eventHandler&&me({event:{type:["JsonLdEvent"],code:"free-floating scalar",level:"warning",message:"Dropping free-floating scalar not in a list.",details:{value:n}},options:r}),null):ps({activeCtx:e,activeProperty:t,value:n,options:r});if(ye(n)){let p=[],m=ce(e,t,"@container")||[];o=o||m.includes("@list");for(let g=0;g<n.length;++g){let y=await He.expand({activeCtx:e,activeProperty:t,element:n[g],options:r,insideIndex:s,typeScopedContext:i});o&&ye(y)&&(y={"@list":y}),y!==null&&(ye(y)?p=p.concat(y):p.push(y))}return p}let a=J(e,t,{vocab:!0},r),l=ce(e,t,"@context");i=i||(e.previousContext?e:null);let c=Object.keys(n).sort(),u=!s;if(u&&i&&c.length<=2&&!c.includes("@context"))for(let p of c){let m=J(i,p,{vocab:!0},r);if(m==="@value"){u=!1,e=i;break}if(m==="@id"&&c.length===1){u=!1;break}}u&&(e=e.revertToPreviousContext()),hn(l)||(e=await Zt({activeCtx:e,localCtx:l,propagate:!0,overrideProtected:!0,options:r})),"@context"in n&&(e=await Zt({activeCtx:e,localCtx:n["@context"],options:r})),i=e;let h=null;for(let p of c)if(J(e,p,{vocab:!0},r)==="@type"){h=h||p;let g=n[p],y=Array.isArray(g)?g.length>1?g.slice().sort():g:[g];for(let v of y){let x=ce(i,v,"@context");hn(x)||(e=await Zt({activeCtx:e,localCtx:x,options:r,propagate:!1}))}}let f={};await cs({activeCtx:e,activeProperty:t,expandedActiveProperty:a,element:n,expandedParent:f,options:r,insideList:o,typeKey:h,typeScopedContext:i}),c=Object.keys(f);let d=c.length;if("@value"in f){if("@type"in f&&("@language"in f||"@direction"in f))throw new Z('Invalid JSON-LD syntax; an element containing "@value" may not contain both "@type" and either "@language" or "@direction".',"jsonld.SyntaxError",{code:"invalid value object",element:f});let p=d-1;if("@type"in f&&(p-=1),"@index"in f&&(p-=1),"@language"in f&&(p-=1),"@direction"in f&&(p-=1),p!==0)throw new Z('Invalid JSON-LD syntax; an element containing "@value" may only have an "@index" property and either "@type" or either or both "@language" or "@direction".',"jsonld.SyntaxError",{code:"invalid value object",element:f});let m=f["@value"]===null?[]:Ie(f["@value"]),g=Ra(f,"@type");if(!(un(e,1.1)&&g.includes("@json")&&g.length===1))if(m.length===0)r.eventHandler&&me({event:{type:["JsonLdEvent"],code:"null @value value",level:"warning",message:"Dropping null @value value.",details:{value:f}},options:r}),f=null;else{if(!m.every(y=>Q(y)||rr(y))&&"@language"in f)throw new Z("Invalid JSON-LD syntax; only strings may be language-tagged.","jsonld.SyntaxError",{code:"invalid language-tagged value",element:f});if(!g.every(y=>fn(y)&&!(Q(y)&&y.indexOf("_:")===0)||rr(y)))throw new Z('Invalid JSON-LD syntax; an element containing "@value" and "@type" must have an absolute IRI for the value of "@type".',"jsonld.SyntaxError",{code:"invalid typed value",element:f})}}else if("@type"in f&&!ye(f["@type"]))f["@type"]=[f["@type"]];else if("@set"in f||"@list"in f){if(d>1&&!(d===2&&"@index"in f))throw new Z('Invalid JSON-LD syntax; if an element has the property "@set" or "@list", then it can have at most one other property that is "@index".',"jsonld.SyntaxError",{code:"invalid set or list object",element:f});"@set"in f&&(f=f["@set"],c=Object.keys(f),d=c.length)}else d===1&&"@language"in f&&(r.eventHandler&&me({event:{type:["JsonLdEvent"],code:"object with only @language",level:"warning",message:"Dropping object with only @language.",details:{value:f}},options:r}),f=null);return ge(f)&&!r.keepFreeFloatingNodes&&!o&&(t===null||a==="@graph"||(ce(e,t,"@container")||[]).includes("@graph"))&&(f=ds({value:f,count:d,options:r})),f};function ds({value:e,count:t,options:n}){if(t===0||"@value"in e||"@list"in e||t===1&&"@id"in e){if(n.eventHandler){let r,o;t===0?(r="empty object",o="Dropping empty object."):"@value"in e?(r="object with only @value",o="Dropping object with only @value."):"@list"in e?(r="object with only @list",o="Dropping object with only @list."):t===1&&"@id"in e&&(r="object with only @id",o="Dropping object with only @id."),me({event:{type:["JsonLdEvent"],code:r,level:"warning",message:o,details:{value:e}},options:n})}return null}return e}async function cs({activeCtx:e,activeProperty:t,expandedActiveProperty:n,element:r,expandedParent:o,options:s={},insideList:i,typeKey:a,typeScopedContext:l}){let c=Object.keys(r).sort(),u=[],h,f=r[a]&&J(e,ye(r[a])?r[a][0]:r[a],{vocab:!0},{...s,typeExpansion:!0})==="@json";for(let d of c){let p=r[d],m;if(d==="@context")continue;let g=J(e,d,{vocab:!0},s);if(g===null||!(fn(g)||sr(g))){s.eventHandler&&me({event:{type:["JsonLdEvent"],code:"invalid property",level:"warning",message:"Dropping property that did not expand into an absolute IRI or keyword.",details:{property:d,expandedProperty:g}},options:s});continue}if(sr(g)){if(n==="@reverse")throw new Z("Invalid JSON-LD syntax; a keyword cannot be used as a @reverse property.","jsonld.SyntaxError",{code:"invalid reverse property map",value:p});if(g in o&&g!=="@included"&&g!=="@type")throw new Z("Invalid JSON-LD syntax; colliding keywords detected.","jsonld.SyntaxError",{code:"colliding keywords",keyword:g})}if(g==="@id"){if(!Q(p)){if(!s.isFrame)throw new Z('Invalid JSON-LD syntax; "@id" value must a string.',"jsonld.SyntaxError",{code:"invalid @id value",value:p});if(ge(p)){if(!rr(p))throw new Z('Invalid JSON-LD syntax; "@id" value an empty object or array of strings, if framing',"jsonld.SyntaxError",{code:"invalid @id value",value:p})}else if(ye(p)){if(!p.every(b=>Q(b)))throw new Z('Invalid JSON-LD syntax; "@id" value an empty object or array of strings, if framing',"jsonld.SyntaxError",{code:"invalid @id value",value:p})}else throw new Z('Invalid JSON-LD syntax; "@id" value an empty object or array of strings, if framing',"jsonld.SyntaxError",{code:"invalid @id value",value:p})}de(o,"@id",Ie(p).map(b=>{if(Q(b)){let A=J(e,b,{base:!0},s);return s.eventHandler&&(A===null?me(b===null?{event:{type:["JsonLdEvent"],code:"null @id value",level:"warning",message:"Null @id found.",details:{id:b}},options:s}:{event:{type:["JsonLdEvent"],code:"reserved @id value",level:"warning",message:"Reserved @id found.",details:{id:b}},options:s}):fn(A)||me({event:{type:["JsonLdEvent"],code:"relative @id reference",level:"warning",message:"Relative @id reference found.",details:{id:b,expandedId:A}},options:s})),A}return b}),{propertyIsArray:s.isFrame});continue}if(g==="@type"){ge(p)&&(p=Object.fromEntries(Object.entries(p).map(([b,A])=>[J(l,b,{vocab:!0}),Ie(A).map(w=>J(l,w,{base:!0,vocab:!0},{...s,typeExpansion:!0}))]))),Pa(p,s.isFrame),de(o,"@type",Ie(p).map(b=>{if(Q(b)){let A=J(l,b,{base:!0,vocab:!0},{...s,typeExpansion:!0});return A!=="@json"&&!fn(A)&&s.eventHandler&&me({event:{type:["JsonLdEvent"],code:"relative @type reference",level:"warning",message:"Relative @type reference found.",details:{type:b}},options:s}),A}return b}),{propertyIsArray:!!s.isFrame});continue}if(g==="@included"&&un(e,1.1)){let b=Ie(await He.expand({activeCtx:e,activeProperty:t,element:p,options:s}));if(!b.every(A=>Da(A)))throw new Z("Invalid JSON-LD syntax; values of @included must expand to node objects.","jsonld.SyntaxError",{code:"invalid @included value",value:p});de(o,"@included",b,{propertyIsArray:!0});continue}if(g==="@graph"&&!(ge(p)||ye(p)))throw new Z('Invalid JSON-LD syntax; "@graph" value must not be an object or an array.',"jsonld.SyntaxError",{code:"invalid @graph value",value:p});if(g==="@value"){h=p,f&&un(e,1.1)?o["@value"]=p:de(o,"@value",p,{propertyIsArray:s.isFrame});continue}if(g==="@language"){if(p===null)continue;if(!Q(p)&&!s.isFrame)throw new Z('Invalid JSON-LD syntax; "@language" value must be a string.',"jsonld.SyntaxError",{code:"invalid language-tagged string",value:p});p=Ie(p).map(b=>Q(b)?b.toLowerCase():b);for(let b of p)Q(b)&&!b.match(ls)&&s.eventHandler&&me({event:{type:["JsonLdEvent"],code:"invalid @language value",level:"warning",message:"@language value must be valid BCP47.",details:{language:b}},options:s});de(o,"@language",p,{propertyIsArray:s.isFrame});continue}if(g==="@direction"){if(!Q(p)&&!s.isFrame)throw new Z('Invalid JSON-LD syntax; "@direction" value must be a string.',"jsonld.SyntaxError",{code:"invalid base direction",value:p});p=Ie(p);for(let b of p)if(Q(b)&&b!=="ltr"&&b!=="rtl")throw new Z('Invalid JSON-LD syntax; "@direction" must be "ltr" or "rtl".',"jsonld.SyntaxError",{code:"invalid base direction",value:p});de(o,"@direction",p,{propertyIsArray:s.isFrame});continue}if(g==="@index"){if(!Q(p))throw new Z('Invalid JSON-LD syntax; "@index" value must be a string.',"jsonld.SyntaxError",{code:"invalid @index value",value:p});de(o,"@index",p);continue}if(g==="@reverse"){if(!ge(p))throw new Z('Invalid JSON-LD syntax; "@reverse" value must be an object.',"jsonld.SyntaxError",{code:"invalid @reverse value",value:p});if(m=await He.expand({activeCtx:e,activeProperty:"@reverse",element:p,options:s}),"@reverse"in m)for(let A in m["@reverse"])de(o,A,m["@reverse"][A],{propertyIsArray:!0});let b=o["@reverse"]||null;for(let A in m){if(A==="@reverse")continue;b===null&&(b=o["@reverse"]={}),de(b,A,[],{propertyIsArray:!0});let w=m[A];for(let U=0;U<w.length;++U){let M=w[U];if(ir(M)||tr(M))throw new Z('Invalid JSON-LD syntax; "@reverse" value must not be a @value or an @list.',"jsonld.SyntaxError",{code:"invalid reverse property value",value:m});de(b,A,M,{propertyIsArray:!0})}}continue}if(g==="@nest"){u.push(d);continue}let y=e,v=ce(e,d,"@context");hn(v)||(y=await Zt({activeCtx:e,localCtx:v,propagate:!0,overrideProtected:!0,options:s}));let x=ce(e,d,"@container")||[];if(x.includes("@language")&&ge(p)){let b=ce(y,d,"@direction");m=La(y,p,b,s)}else if(x.includes("@index")&&ge(p)){let b=x.includes("@graph"),A=ce(y,d,"@index")||"@index",w=A!=="@index"&&J(e,A,{vocab:!0},s);m=await nr({activeCtx:y,options:s,activeProperty:d,value:p,asGraph:b,indexKey:A,propertyIndex:w})}else if(x.includes("@id")&&ge(p)){let b=x.includes("@graph");m=await nr({activeCtx:y,options:s,activeProperty:d,value:p,asGraph:b,indexKey:"@id"})}else if(x.includes("@type")&&ge(p))m=await nr({activeCtx:y.revertToPreviousContext(),options:s,activeProperty:d,value:p,asGraph:!1,indexKey:"@type"});else{let b=g==="@list";if(b||g==="@set"){let A=t;b&&n==="@graph"&&(A=null),m=await He.expand({activeCtx:y,activeProperty:A,element:p,options:s,insideList:b})}else ce(e,d,"@type")==="@json"?m={"@type":"@json","@value":p}:m=await He.expand({activeCtx:y,activeProperty:d,element:p,options:s,insideList:!1})}if(!(m===null&&g!=="@value")){if(g!=="@list"&&!tr(m)&&x.includes("@list")&&(m={"@list":Ie(m)}),x.includes("@graph")&&!x.some(b=>b==="@id"||b==="@index")){if(m=Ie(m),s.isFrame||(m=m.filter(b=>{let A=Object.keys(b).length;return ds({value:b,count:A,options:s})!==null})),m.length===0)continue;m=m.map(b=>({"@graph":Ie(b)}))}if(y.mappings.has(d)&&y.mappings.get(d).reverse){let b=o["@reverse"]=o["@reverse"]||{};m=Ie(m);for(let A=0;A<m.length;++A){let w=m[A];if(ir(w)||tr(w))throw new Z('Invalid JSON-LD syntax; "@reverse" value must not be a @value or an @list.',"jsonld.SyntaxError",{code:"invalid reverse property value",value:m});de(b,g,w,{propertyIsArray:!0})}continue}de(o,g,m,{propertyIsArray:!0})}}if("@value"in o&&!(o["@type"]==="@json"&&un(e,1.1))){if((ge(h)||ye(h))&&!s.isFrame)throw new Z('Invalid JSON-LD syntax; "@value" value must not be an object or an array.',"jsonld.SyntaxError",{code:"invalid value object value",value:h})}for(let d of u){let p=ye(r[d])?r[d]:[r[d]];for(let m of p){if(!ge(m)||Object.keys(m).some(g=>J(e,g,{vocab:!0},s)==="@value"))throw new Z("Invalid JSON-LD syntax; nested value must be a node object.","jsonld.SyntaxError",{code:"invalid @nest value",value:m});await cs({activeCtx:e,activeProperty:t,expandedActiveProperty:n,element:m,expandedParent:o,options:s,insideList:i,typeScopedContext:l,typeKey:a})}}}function ps({activeCtx:e,activeProperty:t,value:n,options:r}){if(n==null)return null;let o=J(e,t,{vocab:!0},r);if(o==="@id")return J(e,n,{base:!0},r);if(o==="@type")return J(e,n,{vocab:!0,base:!0},{...r,typeExpansion:!0});let s=ce(e,t,"@type");if((s==="@id"||o==="@graph")&&Q(n)){let a=J(e,n,{base:!0},r);return a===null&&n.match(ka)&&r.eventHandler&&me({event:{type:["JsonLdEvent"],code:"reserved @id value",level:"warning",message:"Reserved @id found.",details:{id:t}},options:r}),{"@id":a}}if(s==="@vocab"&&Q(n))return{"@id":J(e,n,{vocab:!0,base:!0},r)};if(sr(o))return n;let i={};if(s&&!["@id","@vocab","@none"].includes(s))i["@type"]=s;else if(Q(n)){let a=ce(e,t,"@language");a!==null&&(i["@language"]=a);let l=ce(e,t,"@direction");l!==null&&(i["@direction"]=l)}return["boolean","number","string"].includes(typeof n)||(n=n.toString()),i["@value"]=n,i}function La(e,t,n,r){let o=[],s=Object.keys(t).sort();for(let i of s){let a=J(e,i,{vocab:!0},r),l=t[i];ye(l)||(l=[l]);for(let c of l){if(c===null)continue;if(!Q(c))throw new Z("Invalid JSON-LD syntax; language map values must be strings.","jsonld.SyntaxError",{code:"invalid language map value",languageMap:t});let u={"@value":c};a!=="@none"&&(i.match(ls)||r.eventHandler&&me({event:{type:["JsonLdEvent"],code:"invalid @language value",level:"warning",message:"@language value must be valid BCP47.",details:{language:i}},options:r}),u["@language"]=i.toLowerCase()),n&&(u["@direction"]=n),o.push(u)}}return o}async function nr({activeCtx:e,options:t,activeProperty:n,value:r,asGraph:o,indexKey:s,propertyIndex:i}){let a=[],l=Object.keys(r).sort(),c=s==="@type";for(let u of l){if(c){let d=ce(e,u,"@context");hn(d)||(e=await Zt({activeCtx:e,localCtx:d,propagate:!1,options:t}))}let h=r[u];ye(h)||(h=[h]),h=await He.expand({activeCtx:e,activeProperty:n,element:h,options:t,insideList:!1,insideIndex:!0});let f;i?u==="@none"?f="@none":f=ps({activeCtx:e,activeProperty:s,value:u,options:t}):f=J(e,u,{vocab:!0},t),s==="@id"?u=J(e,u,{base:!0},t):c&&(u=f);for(let d of h){if(o&&!_a(d)&&(d={"@graph":[d]}),s==="@type")f==="@none"||(d["@type"]?d["@type"]=[u].concat(d["@type"]):d["@type"]=[u]);else{if(ir(d)&&!["@language","@type","@index"].includes(s))throw new Z(`Invalid JSON-LD syntax; Attempt to add illegal key to value object: "${s}".`,"jsonld.SyntaxError",{code:"invalid value object",value:d});i?f!=="@none"&&de(d,i,f,{propertyIsArray:!0,prependValue:!0}):f!=="@none"&&!(s in d)&&(d[s]=u)}a.push(d)}}return a}});var Ft=R((Yc,gs)=>{"use strict";var{isKeyword:hs}=Je(),Ae=je(),or=ne(),Se=ae(),Ta=oe(),ee={};gs.exports=ee;ee.createMergedNodeMap=(e,t)=>{t=t||{};let n=t.issuer||new Se.IdentifierIssuer("_:b"),r={"@default":{}};return ee.createNodeMap(e,r,"@default",n),ee.mergeNodeMaps(r)};ee.createNodeMap=(e,t,n,r,o,s)=>{if(or.isArray(e)){for(let c of e)ee.createNodeMap(c,t,n,r,void 0,s);return}if(!or.isObject(e)){s&&s.push(e);return}if(Ae.isValue(e)){if("@type"in e){let c=e["@type"];c.indexOf("_:")===0&&(e["@type"]=c=r.getId(c))}s&&s.push(e);return}else if(s&&Ae.isList(e)){let c=[];ee.createNodeMap(e["@list"],t,n,r,o,c),s.push({"@list":c});return}if("@type"in e){let c=e["@type"];for(let u of c)u.indexOf("_:")===0&&r.getId(u)}or.isUndefined(o)&&(o=Ae.isBlankNode(e)?r.getId(e["@id"]):e["@id"]),s&&s.push({"@id":o});let i=t[n],a=i[o]=i[o]||{};a["@id"]=o;let l=Object.keys(e).sort();for(let c of l){if(c==="@id")continue;if(c==="@reverse"){let h={"@id":o},f=e["@reverse"];for(let d in f){let p=f[d];for(let m of p){let g=m["@id"];Ae.isBlankNode(m)&&(g=r.getId(g)),ee.createNodeMap(m,t,n,r,g),Se.addValue(i[g],d,h,{propertyIsArray:!0,allowDuplicate:!1})}}continue}if(c==="@graph"){o in t||(t[o]={}),ee.createNodeMap(e[c],t,o,r);continue}if(c==="@included"){ee.createNodeMap(e[c],t,n,r);continue}if(c!=="@type"&&hs(c)){if(c==="@index"&&c in a&&(e[c]!==a[c]||e[c]["@id"]!==a[c]["@id"]))throw new Ta("Invalid JSON-LD syntax; conflicting @index property detected.","jsonld.SyntaxError",{code:"conflicting indexes",subject:a});a[c]=e[c];continue}let u=e[c];if(c.indexOf("_:")===0&&(c=r.getId(c)),u.length===0){Se.addValue(a,c,[],{propertyIsArray:!0});continue}for(let h of u)if(c==="@type"&&(h=h.indexOf("_:")===0?r.getId(h):h),Ae.isSubject(h)||Ae.isSubjectReference(h)){if("@id"in h&&!h["@id"])continue;let f=Ae.isBlankNode(h)?r.getId(h["@id"]):h["@id"];Se.addValue(a,c,{"@id":f},{propertyIsArray:!0,allowDuplicate:!1}),ee.createNodeMap(h,t,n,r,f)}else if(Ae.isValue(h))Se.addValue(a,c,h,{propertyIsArray:!0,allowDuplicate:!1});else if(Ae.isList(h)){let f=[];ee.createNodeMap(h["@list"],t,n,r,o,f),h={"@list":f},Se.addValue(a,c,h,{propertyIsArray:!0,allowDuplicate:!1})}else ee.createNodeMap(h,t,n,r,o),Se.addValue(a,c,h,{propertyIsArray:!0,allowDuplicate:!1})}};ee.mergeNodeMapGraphs=e=>{let t={};for(let n of Object.keys(e).sort())for(let r of Object.keys(e[n]).sort()){let o=e[n][r];r in t||(t[r]={"@id":r});let s=t[r];for(let i of Object.keys(o).sort())if(hs(i)&&i!=="@type")s[i]=Se.clone(o[i]);else for(let a of o[i])Se.addValue(s,i,Se.clone(a),{propertyIsArray:!0,allowDuplicate:!1})}return t};ee.mergeNodeMaps=e=>{let t=e["@default"],n=Object.keys(e).sort();for(let r of n){if(r==="@default")continue;let o=e[r],s=t[r];s?"@graph"in s||(s["@graph"]=[]):t[r]=s={"@id":r,"@graph":[]};let i=s["@graph"];for(let a of Object.keys(o).sort()){let l=o[a];Ae.isSubjectReference(l)||i.push(l)}}return t}});var bs=R((ep,ys)=>{"use strict";var{isSubjectReference:Ma}=je(),{createMergedNodeMap:za}=Ft(),ms={};ys.exports=ms;ms.flatten=e=>{let t=za(e),n=[],r=Object.keys(t).sort();for(let o=0;o<r.length;++o){let s=t[r[o]];Ma(s)||n.push(s)}return n}});var As=R((tp,js)=>{"use strict";var pr=oe(),ar=je(),xt=ne(),{REGEX_BCP47:vs,addValue:ws}=ae(),{handleEvent:xs}=bt(),{RDF_LIST:qa,RDF_FIRST:lr,RDF_REST:dr,RDF_NIL:cr,RDF_TYPE:Ca,RDF_JSON_LITERAL:Za,XSD_BOOLEAN:Fa,XSD_DOUBLE:Ua,XSD_INTEGER:Ja,XSD_STRING:Is}=on(),Os={};js.exports=Os;Os.fromRDF=async(e,t)=>{let{useRdfType:n=!1,useNativeTypes:r=!1,rdfDirection:o=null}=t,s={},i={"@default":s},a={};if(o){if(o==="compound-literal")throw new pr("Unsupported rdfDirection value.","jsonld.InvalidRdfDirection",{value:o});if(o!=="i18n-datatype")throw new pr("Unknown rdfDirection value.","jsonld.InvalidRdfDirection",{value:o})}for(let u of e){let h=u.graph.termType==="DefaultGraph"?"@default":u.graph.value;h in i||(i[h]={}),h!=="@default"&&!(h in s)&&(s[h]={"@id":h});let f=i[h],d=ur(u.subject),p=u.predicate.value,m=u.object;d in f||(f[d]={"@id":d});let g=f[d],y=ur(m),v=!!y;if(v&&!(y in f)&&(f[y]={"@id":y}),p===Ca&&!n&&v){ws(g,"@type",y,{propertyIsArray:!0});continue}let x=Ha(m,r,o,t);if(ws(g,p,x,{propertyIsArray:!0}),v)if(y===cr){let b=f[y];"usages"in b||(b.usages=[]),b.usages.push({node:g,property:p,value:x})}else y in a?a[y]=!1:a[y]={node:g,property:p,value:x}}for(let u in i){let h=i[u];if(!(cr in h))continue;let f=h[cr];if(f.usages){for(let d of f.usages){let p=d.node,m=d.property,g=d.value,y=[],v=[],x=Object.keys(p).length;for(;m===dr&&xt.isObject(a[p["@id"]])&&xt.isArray(p[lr])&&p[lr].length===1&&xt.isArray(p[dr])&&p[dr].length===1&&(x===3||x===4&&xt.isArray(p["@type"])&&p["@type"].length===1&&p["@type"][0]===qa)&&(y.push(p[lr][0]),v.push(p["@id"]),d=a[p["@id"]],p=d.node,m=d.property,g=d.value,x=Object.keys(p).length,!!ar.isBlankNode(p)););delete g["@id"],g["@list"]=y.reverse();for(let b of v)delete h[b]}delete f.usages}}let l=[],c=Object.keys(s).sort();for(let u of c){let h=s[u];if(u in i){let f=h["@graph"]=[],d=i[u],p=Object.keys(d).sort();for(let m of p){let g=d[m];ar.isSubjectReference(g)||f.push(g)}}ar.isSubjectReference(h)||l.push(h)}return l};function Ha(e,t,n,r){let o=ur(e);if(o)return{"@id":o};let s={"@value":e.value};if(e.language)e.language.match(vs)||r.eventHandler&&xs({event:{type:["JsonLdEvent"],code:"invalid @language value",level:"warning",message:"@language value must be valid BCP47.",details:{language:e.language}},options:r}),s["@language"]=e.language;else{let i=e.datatype.value;if(i||(i=Is),i===Za){i="@json";try{s["@value"]=JSON.parse(s["@value"])}catch(a){throw new pr("JSON literal could not be parsed.","jsonld.InvalidJsonLiteral",{code:"invalid JSON literal",value:s["@value"],cause:a})}}if(t)if(i===Fa)s["@value"]==="true"||s["@value"]==="1"?s["@value"]=!0:s["@value"]==="false"||s["@value"]==="0"?s["@value"]=!1:s["@type"]=i;else if(i===Ja)if(xt.isNumeric(s["@value"])){let a=parseInt(s["@value"],10);a.toFixed(0)===s["@value"]&&(s["@value"]=a)}else s["@type"]=i;else i===Ua&&xt.isNumeric(s["@value"])?s["@value"]=parseFloat(s["@value"]):s["@type"]=i;else if(n==="i18n-datatype"&&i.startsWith("https://www.w3.org/ns/i18n#")){let[,a,l]=i.split(/[#_]/);a.length>0&&(s["@language"]=a,a.match(vs)||r.eventHandler&&xs({event:{type:["JsonLdEvent"],code:"invalid @language value",level:"warning",message:"@language value must be valid BCP47.",details:{language:a}},options:r})),s["@direction"]=l}else i!==Is&&(s["@type"]=i)}return s}function ur(e){return e.termType==="NamedNode"?e.value:e.termType==="BlankNode"?"_:"+e.value:null}});var $s=R((np,Ss)=>{"use strict";Ss.exports=function e(t){if(typeof t=="number"&&isNaN(t))throw new Error("NaN is not allowed");if(typeof t=="number"&&!isFinite(t))throw new Error("Infinity is not allowed");return t===null||typeof t!="object"?JSON.stringify(t):t.toJSON instanceof Function?e(t.toJSON()):Array.isArray(t)?`[${t.reduce((o,s,i)=>`${o}${i===0?"":","}${e(s===void 0||typeof s=="symbol"?null:s)}`,"")}]`:`{${Object.keys(t).sort().reduce((r,o)=>{if(t[o]===void 0||typeof t[o]=="symbol")return r;let s=r.length===0?"":",";return`${r}${s}${e(o)}:${e(t[o])}`},"")}}`}});var Rs=R((rp,ks)=>{"use strict";var{createNodeMap:Ba}=Ft(),{isKeyword:Va}=Je(),Ns=je(),Xa=$s(),Es=oe(),Ut=ne(),Ga=ae(),{handleEvent:it}=bt(),{RDF_FIRST:Ka,RDF_REST:Wa,RDF_NIL:Qa,RDF_TYPE:Ya,RDF_JSON_LITERAL:el,RDF_LANGSTRING:tl,XSD_BOOLEAN:nl,XSD_DOUBLE:_s,XSD_INTEGER:rl,XSD_STRING:il}=on(),{isAbsolute:gn}=Le(),Ds={};ks.exports=Ds;Ds.toRDF=(e,t)=>{let n=new Ga.IdentifierIssuer("_:b"),r={"@default":{}};Ba(e,r,"@default",n);let o=[],s=Object.keys(r).sort();for(let i of s){let a;if(i==="@default")a={termType:"DefaultGraph",value:""};else if(gn(i))a=mn(i);else{t.eventHandler&&it({event:{type:["JsonLdEvent"],code:"relative graph reference",level:"warning",message:"Relative graph reference found.",details:{graph:i}},options:t});continue}sl(o,r[i],a,n,t)}return o};function sl(e,t,n,r,o){let s=Object.keys(t).sort();for(let i of s){let a=t[i],l=Object.keys(a).sort();for(let c of l){let u=a[c];if(c==="@type")c=Ya;else if(Va(c))continue;for(let h of u){let f=mn(i);if(!gn(i)){o.eventHandler&&it({event:{type:["JsonLdEvent"],code:"relative subject reference",level:"warning",message:"Relative subject reference found.",details:{subject:i}},options:o});continue}let d=mn(c);if(!gn(c)){o.eventHandler&&it({event:{type:["JsonLdEvent"],code:"relative predicate reference",level:"warning",message:"Relative predicate reference found.",details:{predicate:c}},options:o});continue}if(d.termType==="BlankNode"&&!o.produceGeneralizedRdf){o.eventHandler&&it({event:{type:["JsonLdEvent"],code:"blank node predicate",level:"warning",message:"Dropping blank node predicate.",details:{property:r.getOldIds().find(m=>r.getId(m)===c)}},options:o});continue}let p=fr(h,r,e,n,o.rdfDirection,o);p&&e.push({subject:f,predicate:d,object:p,graph:n})}}}}function ol(e,t,n,r,o,s){let i={termType:"NamedNode",value:Ka},a={termType:"NamedNode",value:Wa},l={termType:"NamedNode",value:Qa},c=e.pop(),u=c?{termType:"BlankNode",value:t.getId().slice(2)}:l,h=u;for(let f of e){let d=fr(f,t,n,r,o,s),p={termType:"BlankNode",value:t.getId().slice(2)};n.push({subject:h,predicate:i,object:d,graph:r}),n.push({subject:h,predicate:a,object:p,graph:r}),h=p}if(c){let f=fr(c,t,n,r,o,s);n.push({subject:h,predicate:i,object:f,graph:r}),n.push({subject:h,predicate:a,object:l,graph:r})}return u}function fr(e,t,n,r,o,s){let i;if(Ns.isValue(e)){i={termType:"Literal",value:void 0,datatype:{termType:"NamedNode"}};let a=e["@value"],l=e["@type"]||null;if(l==="@json")i.value=Xa(a),i.datatype.value=el;else if(Ut.isBoolean(a))i.value=a.toString(),i.datatype.value=l||nl;else if(Ut.isDouble(a)||l===_s)Ut.isDouble(a)||(a=parseFloat(a)),i.value=a.toExponential(15).replace(/(\d)0*e\+?/,"$1E"),i.datatype.value=l||_s;else if(Ut.isNumber(a))i.value=a.toFixed(0),i.datatype.value=l||rl;else if("@direction"in e&&o==="i18n-datatype"){let c=(e["@language"]||"").toLowerCase(),u=e["@direction"],h=`https://www.w3.org/ns/i18n#${c}_${u}`;i.datatype.value=h,i.value=a}else{if("@direction"in e&&o==="compound-literal")throw new Es("Unsupported rdfDirection value.","jsonld.InvalidRdfDirection",{value:o});if("@direction"in e&&o)throw new Es("Unknown rdfDirection value.","jsonld.InvalidRdfDirection",{value:o});"@language"in e?("@direction"in e&&!o&&s.eventHandler&&it({event:{type:["JsonLdEvent"],code:"rdfDirection not set",level:"warning",message:"rdfDirection not set for @direction.",details:{object:i.value}},options:s}),i.value=a,i.datatype.value=l||tl,i.language=e["@language"]):("@direction"in e&&!o&&s.eventHandler&&it({event:{type:["JsonLdEvent"],code:"rdfDirection not set",level:"warning",message:"rdfDirection not set for @direction.",details:{object:i.value}},options:s}),i.value=a,i.datatype.value=l||il)}}else if(Ns.isList(e)){let a=ol(e["@list"],t,n,r,o,s);i={termType:a.termType,value:a.value}}else{let a=Ut.isObject(e)?e["@id"]:e;i=mn(a)}return i.termType==="NamedNode"&&!gn(i.value)?(s.eventHandler&&it({event:{type:["JsonLdEvent"],code:"relative object reference",level:"warning",message:"Relative object reference found.",details:{object:i.value}},options:s}),null):i}function mn(e){return e.startsWith("_:")?{termType:"BlankNode",value:e.slice(2)}:{termType:"NamedNode",value:e}}});var Cs=R((ip,qs)=>{"use strict";var{isKeyword:hr}=Je(),be=je(),z=ne(),X=ae(),Ps=Le(),Jt=oe(),{createNodeMap:al,mergeNodeMapGraphs:ll}=Ft(),ve={};qs.exports=ve;ve.frameMergedOrDefault=(e,t,n)=>{let r={options:n,embedded:!1,graph:"@default",graphMap:{"@default":{}},subjectStack:[],link:{},bnodeMap:{}},o=new X.IdentifierIssuer("_:b");al(e,r.graphMap,"@default",o),n.merged&&(r.graphMap["@merged"]=ll(r.graphMap),r.graph="@merged"),r.subjects=r.graphMap[r.graph];let s=[];ve.frame(r,Object.keys(r.subjects).sort(),t,s),n.pruneBlankNodeIdentifiers&&(n.bnodesToClear=Object.keys(r.bnodeMap).filter(i=>r.bnodeMap[i].length===1));return n.link={},bn(s,n)};ve.frame=(e,t,n,r,o=null)=>{Ms(n),n=n[0];let s=e.options,i={embed:yn(n,s,"embed"),explicit:yn(n,s,"explicit"),requireAll:yn(n,s,"requireAll")};e.link.hasOwnProperty(e.graph)||(e.link[e.graph]={});let a=e.link[e.graph],l=cl(e,t,n,i),c=Object.keys(l).sort();for(let u of c){let h=l[u];if(o===null?e.uniqueEmbeds={[e.graph]:{}}:e.uniqueEmbeds[e.graph]=e.uniqueEmbeds[e.graph]||{},i.embed==="@link"&&u in a){st(r,o,a[u]);continue}let f={"@id":u};if(u.indexOf("_:")===0&&X.addValue(e.bnodeMap,u,f,{propertyIsArray:!0}),a[u]=f,(i.embed==="@first"||i.embed==="@last")&&e.is11)throw new Jt("Invalid JSON-LD syntax; invalid value of @embed.","jsonld.SyntaxError",{code:"invalid @embed value",frame:n});if(!(!e.embedded&&e.uniqueEmbeds[e.graph].hasOwnProperty(u))){if(e.embedded&&(i.embed==="@never"||dl(h,e.graph,e.subjectStack))){st(r,o,f);continue}if(e.embedded&&(i.embed=="@first"||i.embed=="@once")&&e.uniqueEmbeds[e.graph].hasOwnProperty(u)){st(r,o,f);continue}if(i.embed==="@last"&&u in e.uniqueEmbeds[e.graph]&&pl(e,u),e.uniqueEmbeds[e.graph][u]={parent:r,property:o},e.subjectStack.push({subject:h,graph:e.graph}),u in e.graphMap){let d=!1,p=null;"@graph"in n?(p=n["@graph"][0],d=!(u==="@merged"||u==="@default"),z.isObject(p)||(p={})):(d=e.graph!=="@merged",p={}),d&&ve.frame({...e,graph:u,embedded:!1},Object.keys(e.graphMap[u]).sort(),[p],f,"@graph")}"@included"in n&&ve.frame({...e,embedded:!1},t,n["@included"],f,"@included");for(let d of Object.keys(h).sort()){if(hr(d)){if(f[d]=X.clone(h[d]),d==="@type")for(let p of h["@type"])p.indexOf("_:")===0&&X.addValue(e.bnodeMap,p,f,{propertyIsArray:!0});continue}if(!(i.explicit&&!(d in n)))for(let p of h[d]){let m=d in n?n[d]:Ls(i);if(be.isList(p)){let g=n[d]&&n[d][0]&&n[d][0]["@list"]?n[d][0]["@list"]:Ls(i),y={"@list":[]};st(f,d,y);let v=p["@list"];for(let x of v)be.isSubjectReference(x)?ve.frame({...e,embedded:!0},[x["@id"]],g,y,"@list"):st(y,"@list",X.clone(x))}else be.isSubjectReference(p)?ve.frame({...e,embedded:!0},[p["@id"]],m,f,d):gr(m[0],p)&&st(f,d,X.clone(p))}}for(let d of Object.keys(n).sort()){if(d==="@type"){if(!z.isObject(n[d][0])||!("@default"in n[d][0]))continue}else if(hr(d))continue;let p=n[d][0]||{};if(!yn(p,s,"omitDefault")&&!(d in f)){let g="@null";"@default"in p&&(g=X.clone(p["@default"])),z.isArray(g)||(g=[g]),f[d]=[{"@preserve":g}]}}for(let d of Object.keys(n["@reverse"]||{}).sort()){let p=n["@reverse"][d];for(let m of Object.keys(e.subjects))X.getValues(e.subjects[m],d).some(y=>y["@id"]===u)&&(f["@reverse"]=f["@reverse"]||{},X.addValue(f["@reverse"],d,[],{propertyIsArray:!0}),ve.frame({...e,embedded:!0},[m],p,f["@reverse"][d],o))}st(r,o,f),e.subjectStack.pop()}}};ve.cleanupNull=(e,t)=>{if(z.isArray(e))return e.map(r=>ve.cleanupNull(r,t)).filter(r=>r);if(e==="@null")return null;if(z.isObject(e)){if("@id"in e){let n=e["@id"];if(t.link.hasOwnProperty(n)){let r=t.link[n].indexOf(e);if(r!==-1)return t.link[n][r];t.link[n].push(e)}else t.link[n]=[e]}for(let n in e)e[n]=ve.cleanupNull(e[n],t)}return e};function Ls(e){let t={};for(let n in e)e[n]!==void 0&&(t["@"+n]=[e[n]]);return[t]}function dl(e,t,n){for(let r=n.length-1;r>=0;--r){let o=n[r];if(o.graph===t&&o.subject["@id"]===e["@id"])return!0}return!1}function yn(e,t,n){let r="@"+n,o=r in e?e[r][0]:t[n];if(n==="embed"){if(o===!0)o="@once";else if(o===!1)o="@never";else if(o!=="@always"&&o!=="@never"&&o!=="@link"&&o!=="@first"&&o!=="@last"&&o!=="@once")throw new Jt("Invalid JSON-LD syntax; invalid value of @embed.","jsonld.SyntaxError",{code:"invalid @embed value",frame:e})}return o}function Ms(e){if(!z.isArray(e)||e.length!==1||!z.isObject(e[0]))throw new Jt("Invalid JSON-LD syntax; a JSON-LD frame must be a single object.","jsonld.SyntaxError",{frame:e});if("@id"in e[0]){for(let t of X.asArray(e[0]["@id"]))if(!(z.isObject(t)||Ps.isAbsolute(t))||z.isString(t)&&t.indexOf("_:")===0)throw new Jt("Invalid JSON-LD syntax; invalid @id in frame.","jsonld.SyntaxError",{code:"invalid frame",frame:e})}if("@type"in e[0]){for(let t of X.asArray(e[0]["@type"]))if(!(z.isObject(t)||Ps.isAbsolute(t)||t==="@json")||z.isString(t)&&t.indexOf("_:")===0)throw new Jt("Invalid JSON-LD syntax; invalid @type in frame.","jsonld.SyntaxError",{code:"invalid frame",frame:e})}}function cl(e,t,n,r){let o={};for(let s of t){let i=e.graphMap[e.graph][s];zs(e,i,n,r)&&(o[s]=i)}return o}function zs(e,t,n,r){let o=!0,s=!1;for(let i in n){let a=!1,l=X.getValues(t,i),c=X.getValues(n,i).length===0;if(i==="@id"){if(z.isEmptyObject(n["@id"][0]||{})?a=!0:n["@id"].length>=0&&(a=n["@id"].includes(l[0])),!r.requireAll)return a}else if(i==="@type"){if(o=!1,c){if(l.length>0)return!1;a=!0}else if(n["@type"].length===1&&z.isEmptyObject(n["@type"][0]))a=l.length>0;else for(let u of n["@type"])z.isObject(u)&&"@default"in u?a=!0:a=a||l.some(h=>h===u);if(!r.requireAll)return a}else{if(hr(i))continue;{let u=X.getValues(n,i)[0],h=!1;if(u&&(Ms([u]),h="@default"in u),o=!1,l.length===0&&h)continue;if(l.length>0&&c)return!1;if(u===void 0){if(l.length>0)return!1;a=!0}else if(be.isList(u)){let f=u["@list"][0];if(be.isList(l[0])){let d=l[0]["@list"];be.isValue(f)?a=d.some(p=>gr(f,p)):(be.isSubject(f)||be.isSubjectReference(f))&&(a=d.some(p=>Ts(e,f,p,r)))}}else be.isValue(u)?a=l.some(f=>gr(u,f)):be.isSubjectReference(u)?a=l.some(f=>Ts(e,u,f,r)):z.isObject(u)?a=l.length>0:a=!1}}if(!a&&r.requireAll)return!1;s=s||a}return o||s}function pl(e,t){let n=e.uniqueEmbeds[e.graph],r=n[t],o=r.parent,s=r.property,i={"@id":t};if(z.isArray(o)){for(let l=0;l<o.length;++l)if(X.compareValues(o[l],i)){o[l]=i;break}}else{let l=z.isArray(o[s]);X.removeValue(o,s,i,{propertyIsArray:l}),X.addValue(o,s,i,{propertyIsArray:l})}let a=l=>{let c=Object.keys(n);for(let u of c)u in n&&z.isObject(n[u].parent)&&n[u].parent["@id"]===l&&(delete n[u],a(u))};a(t)}function bn(e,t){if(z.isArray(e))return e.map(n=>bn(n,t));if(z.isObject(e)){if("@preserve"in e)return e["@preserve"][0];if(be.isValue(e))return e;if(be.isList(e))return e["@list"]=bn(e["@list"],t),e;if("@id"in e){let n=e["@id"];if(t.link.hasOwnProperty(n)){let r=t.link[n].indexOf(e);if(r!==-1)return t.link[n][r];t.link[n].push(e)}else t.link[n]=[e]}for(let n in e){if(n==="@id"&&t.bnodesToClear.includes(e[n])){delete e["@id"];continue}e[n]=bn(e[n],t)}}return e}function st(e,t,n){z.isObject(e)?X.addValue(e,t,n,{propertyIsArray:!0}):e.push(n)}function Ts(e,t,n,r){if(!("@id"in n))return!1;let o=e.subjects[n["@id"]];return o&&zs(e,o,t,r)}function gr(e,t){let n=t["@value"],r=t["@type"],o=t["@language"],s=e["@value"]?z.isArray(e["@value"])?e["@value"]:[e["@value"]]:[],i=e["@type"]?z.isArray(e["@type"])?e["@type"]:[e["@type"]]:[],a=e["@language"]?z.isArray(e["@language"])?e["@language"]:[e["@language"]]:[];return s.length===0&&i.length===0&&a.length===0?!0:!(!(s.includes(n)||z.isEmptyObject(s[0]))||!(!r&&i.length===0||i.includes(r)||r&&z.isEmptyObject(i[0]))||!(!o&&a.length===0||a.includes(o)||o&&z.isEmptyObject(a[0])))}});var Gs=R((sp,Xs)=>{"use strict";var wr=oe(),{isArray:Be,isObject:Ve,isString:Js,isUndefined:mr}=ne(),{isList:vr,isValue:ze,isGraph:Hs,isSimpleGraph:Zs,isSubjectReference:yr}=je(),{expandIri:Bs,getContextValue:te,isKeyword:Vs,process:br,processingMode:ul}=Je(),{removeBase:Fs,prependBase:fl}=Le(),{REGEX_KEYWORD:hl,addValue:pe,asArray:vn,compareShortestLeast:gl}=ae(),k={};Xs.exports=k;k.compact=async({activeCtx:e,activeProperty:t=null,element:n,options:r={}})=>{if(Be(n)){let s=[];for(let i=0;i<n.length;++i){let a=await k.compact({activeCtx:e,activeProperty:t,element:n[i],options:r});a!==null&&s.push(a)}return r.compactArrays&&s.length===1&&(te(e,t,"@container")||[]).length===0&&(s=s[0]),s}let o=te(e,t,"@context");if(mr(o)||(e=await br({activeCtx:e,localCtx:o,propagate:!0,overrideProtected:!0,options:r})),Ve(n)){if(r.link&&"@id"in n&&r.link.hasOwnProperty(n["@id"])){let f=r.link[n["@id"]];for(let d=0;d<f.length;++d)if(f[d].expanded===n)return f[d].compacted}if(ze(n)||yr(n)){let f=k.compactValue({activeCtx:e,activeProperty:t,value:n,options:r});return r.link&&yr(n)&&(r.link.hasOwnProperty(n["@id"])||(r.link[n["@id"]]=[]),r.link[n["@id"]].push({expanded:n,compacted:f})),f}if(vr(n)&&(te(e,t,"@container")||[]).includes("@list"))return k.compact({activeCtx:e,activeProperty:t,element:n["@list"],options:r});let s=t==="@reverse",i={},a=e;!ze(n)&&!yr(n)&&(e=e.revertToPreviousContext());let l=te(a,t,"@context");mr(l)||(e=await br({activeCtx:e,localCtx:l,propagate:!0,overrideProtected:!0,options:r})),r.link&&"@id"in n&&(r.link.hasOwnProperty(n["@id"])||(r.link[n["@id"]]=[]),r.link[n["@id"]].push({expanded:n,compacted:i}));let c=n["@type"]||[];c.length>1&&(c=Array.from(c).sort());let u=e;for(let f of c){let d=k.compactIri({activeCtx:u,iri:f,relativeTo:{vocab:!0}}),p=te(a,d,"@context");mr(p)||(e=await br({activeCtx:e,localCtx:p,options:r,propagate:!1}))}let h=Object.keys(n).sort();for(let f of h){let d=n[f];if(f==="@id"){let p=vn(d).map(g=>k.compactIri({activeCtx:e,iri:g,relativeTo:{vocab:!1},base:r.base}));p.length===1&&(p=p[0]);let m=k.compactIri({activeCtx:e,iri:"@id",relativeTo:{vocab:!0}});i[m]=p;continue}if(f==="@type"){let p=vn(d).map(x=>k.compactIri({activeCtx:a,iri:x,relativeTo:{vocab:!0}}));p.length===1&&(p=p[0]);let m=k.compactIri({activeCtx:e,iri:"@type",relativeTo:{vocab:!0}}),v=(te(e,m,"@container")||[]).includes("@set")&&ul(e,1.1)||Be(p)&&d.length===0;pe(i,m,p,{propertyIsArray:v});continue}if(f==="@reverse"){let p=await k.compact({activeCtx:e,activeProperty:"@reverse",element:d,options:r});for(let m in p)if(e.mappings.has(m)&&e.mappings.get(m).reverse){let g=p[m],v=(te(e,m,"@container")||[]).includes("@set")||!r.compactArrays;pe(i,m,g,{propertyIsArray:v}),delete p[m]}if(Object.keys(p).length>0){let m=k.compactIri({activeCtx:e,iri:f,relativeTo:{vocab:!0}});pe(i,m,p)}continue}if(f==="@preserve"){let p=await k.compact({activeCtx:e,activeProperty:t,element:d,options:r});Be(p)&&p.length===0||pe(i,f,p);continue}if(f==="@index"){if((te(e,t,"@container")||[]).includes("@index"))continue;let m=k.compactIri({activeCtx:e,iri:f,relativeTo:{vocab:!0}});pe(i,m,d);continue}if(f!=="@graph"&&f!=="@list"&&f!=="@included"&&Vs(f)){let p=k.compactIri({activeCtx:e,iri:f,relativeTo:{vocab:!0}});pe(i,p,d);continue}if(!Be(d))throw new wr("JSON-LD expansion error; expanded value must be an array.","jsonld.SyntaxError");if(d.length===0){let p=k.compactIri({activeCtx:e,iri:f,value:d,relativeTo:{vocab:!0},reverse:s}),m=e.mappings.has(p)?e.mappings.get(p)["@nest"]:null,g=i;m&&(Us(e,m,r),Ve(i[m])||(i[m]={}),g=i[m]),pe(g,p,d,{propertyIsArray:!0})}for(let p of d){let m=k.compactIri({activeCtx:e,iri:f,value:p,relativeTo:{vocab:!0},reverse:s}),g=e.mappings.has(m)?e.mappings.get(m)["@nest"]:null,y=i;g&&(Us(e,g,r),Ve(i[g])||(i[g]={}),y=i[g]);let v=te(e,m,"@container")||[],x=Hs(p),b=vr(p),A;b?A=p["@list"]:x&&(A=p["@graph"]);let w=await k.compact({activeCtx:e,activeProperty:m,element:b||x?A:p,options:r});if(b)if(Be(w)||(w=[w]),!v.includes("@list"))w={[k.compactIri({activeCtx:e,iri:"@list",relativeTo:{vocab:!0}})]:w},"@index"in p&&(w[k.compactIri({activeCtx:e,iri:"@index",relativeTo:{vocab:!0}})]=p["@index"]);else{pe(y,m,w,{valueIsArray:!0,allowDuplicate:!0});continue}if(x)if(v.includes("@graph")&&(v.includes("@id")||v.includes("@index")&&Zs(p))){let U;y.hasOwnProperty(m)?U=y[m]:y[m]=U={};let M=(v.includes("@id")?p["@id"]:p["@index"])||k.compactIri({activeCtx:e,iri:"@none",relativeTo:{vocab:!0}});pe(U,M,w,{propertyIsArray:!r.compactArrays||v.includes("@set")})}else v.includes("@graph")&&Zs(p)?(Be(w)&&w.length>1&&(w={"@included":w}),pe(y,m,w,{propertyIsArray:!r.compactArrays||v.includes("@set")})):(Be(w)&&w.length===1&&r.compactArrays&&(w=w[0]),w={[k.compactIri({activeCtx:e,iri:"@graph",relativeTo:{vocab:!0}})]:w},"@id"in p&&(w[k.compactIri({activeCtx:e,iri:"@id",relativeTo:{vocab:!0}})]=p["@id"]),"@index"in p&&(w[k.compactIri({activeCtx:e,iri:"@index",relativeTo:{vocab:!0}})]=p["@index"]),pe(y,m,w,{propertyIsArray:!r.compactArrays||v.includes("@set")}));else if(v.includes("@language")||v.includes("@index")||v.includes("@id")||v.includes("@type")){let U;y.hasOwnProperty(m)?U=y[m]:y[m]=U={};let M;if(v.includes("@language"))ze(w)&&(w=w["@value"]),M=p["@language"];else if(v.includes("@index")){let C=te(e,m,"@index")||"@index",Ee=k.compactIri({activeCtx:e,iri:C,relativeTo:{vocab:!0}});if(C==="@index")M=p["@index"],delete w[Ee];else{let Ke;if([M,...Ke]=vn(w[C]||[]),!Js(M))M=null;else switch(Ke.length){case 0:delete w[C];break;case 1:w[C]=Ke[0];break;default:w[C]=Ke;break}}}else if(v.includes("@id")){let C=k.compactIri({activeCtx:e,iri:"@id",relativeTo:{vocab:!0}});M=w[C],delete w[C]}else if(v.includes("@type")){let C=k.compactIri({activeCtx:e,iri:"@type",relativeTo:{vocab:!0}}),Ee;switch([M,...Ee]=vn(w[C]||[]),Ee.length){case 0:delete w[C];break;case 1:w[C]=Ee[0];break;default:w[C]=Ee;break}Object.keys(w).length===1&&"@id"in p&&(w=await k.compact({activeCtx:e,activeProperty:m,element:{"@id":p["@id"]},options:r}))}M||(M=k.compactIri({activeCtx:e,iri:"@none",relativeTo:{vocab:!0}})),pe(U,M,w,{propertyIsArray:v.includes("@set")})}else{let U=!r.compactArrays||v.includes("@set")||v.includes("@list")||Be(w)&&w.length===0||f==="@list"||f==="@graph";pe(y,m,w,{propertyIsArray:U})}}}return i}return n};k.compactIri=({activeCtx:e,iri:t,value:n=null,relativeTo:r={vocab:!1},reverse:o=!1,base:s=null})=>{if(t===null)return t;e.isPropertyTermScoped&&e.previousContext&&(e=e.previousContext);let i=e.getInverse();if(Vs(t)&&t in i&&"@none"in i[t]&&"@type"in i[t]["@none"]&&"@none"in i[t]["@none"]["@type"])return i[t]["@none"]["@type"]["@none"];if(r.vocab&&t in i){let h=e["@language"]||"@none",f=[];Ve(n)&&"@index"in n&&!("@graph"in n)&&f.push("@index","@index@set"),Ve(n)&&"@preserve"in n&&(n=n["@preserve"][0]),Hs(n)?("@index"in n&&f.push("@graph@index","@graph@index@set","@index","@index@set"),"@id"in n&&f.push("@graph@id","@graph@id@set"),f.push("@graph","@graph@set","@set"),"@index"in n||f.push("@graph@index","@graph@index@set","@index","@index@set"),"@id"in n||f.push("@graph@id","@graph@id@set")):Ve(n)&&!ze(n)&&f.push("@id","@id@set","@type","@set@type");let d="@language",p="@null";if(o)d="@type",p="@reverse",f.push("@set");else if(vr(n)){"@index"in n||f.push("@list");let g=n["@list"];if(g.length===0)d="@any",p="@none";else{let y=g.length===0?h:null,v=null;for(let x=0;x<g.length;++x){let b=g[x],A="@none",w="@none";if(ze(b))if("@direction"in b){let U=(b["@language"]||"").toLowerCase(),M=b["@direction"];A=`${U}_${M}`}else"@language"in b?A=b["@language"].toLowerCase():"@type"in b?w=b["@type"]:A="@null";else w="@id";if(y===null?y=A:A!==y&&ze(b)&&(y="@none"),v===null?v=w:w!==v&&(v="@none"),y==="@none"&&v==="@none")break}y=y||"@none",v=v||"@none",v!=="@none"?(d="@type",p=v):p=y}}else{if(ze(n))if("@language"in n&&!("@index"in n)){f.push("@language","@language@set"),p=n["@language"];let g=n["@direction"];g&&(p=`${p}_${g}`)}else"@direction"in n&&!("@index"in n)?p=`_${n["@direction"]}`:"@type"in n&&(d="@type",p=n["@type"]);else d="@type",p="@id";f.push("@set")}f.push("@none"),Ve(n)&&!("@index"in n)&&f.push("@index","@index@set"),ze(n)&&Object.keys(n).length===1&&f.push("@language","@language@set");let m=ml(e,t,n,f,d,p);if(m!==null)return m}if(r.vocab&&"@vocab"in e){let h=e["@vocab"];if(t.indexOf(h)===0&&t!==h){let f=t.substr(h.length);if(!e.mappings.has(f))return f}}let a=null,l=[],c=e.fastCurieMap,u=t.length-1;for(let h=0;h<u&&t[h]in c;++h)c=c[t[h]],""in c&&l.push(c[""][0]);for(let h=l.length-1;h>=0;--h){let f=l[h],d=f.terms;for(let p of d){let m=p+":"+t.substr(f.iri.length);e.mappings.get(p)._prefix&&(!e.mappings.has(m)||n===null&&e.mappings.get(m)["@id"]===t)&&(a===null||gl(m,a)<0)&&(a=m)}}if(a!==null)return a;for(let[h,f]of e.mappings)if(f&&f._prefix&&t.startsWith(h+":"))throw new wr(`Absolute IRI "${t}" confused with prefix "${h}".`,"jsonld.SyntaxError",{code:"IRI confused with prefix",context:e});if(!r.vocab)if("@base"in e)if(e["@base"]){let h=Fs(fl(s,e["@base"]),t);return hl.test(h)?`./${h}`:h}else return t;else return Fs(s,t);return t};k.compactValue=({activeCtx:e,activeProperty:t,value:n,options:r})=>{if(ze(n)){let a=te(e,t,"@type"),l=te(e,t,"@language"),c=te(e,t,"@direction"),u=te(e,t,"@container")||[],h="@index"in n&&!u.includes("@index");if(!h&&a!=="@none"&&(n["@type"]===a||"@language"in n&&n["@language"]===l&&"@direction"in n&&n["@direction"]===c||"@language"in n&&n["@language"]===l||"@direction"in n&&n["@direction"]===c))return n["@value"];let f=Object.keys(n).length,d=f===1||f===2&&"@index"in n&&!h,p="@language"in e,m=Js(n["@value"]),g=e.mappings.has(t)&&e.mappings.get(t)["@language"]===null;if(d&&a!=="@none"&&(!p||!m||g))return n["@value"];let y={};return h&&(y[k.compactIri({activeCtx:e,iri:"@index",relativeTo:{vocab:!0}})]=n["@index"]),"@type"in n?y[k.compactIri({activeCtx:e,iri:"@type",relativeTo:{vocab:!0}})]=k.compactIri({activeCtx:e,iri:n["@type"],relativeTo:{vocab:!0}}):"@language"in n&&(y[k.compactIri({activeCtx:e,iri:"@language",relativeTo:{vocab:!0}})]=n["@language"]),"@direction"in n&&(y[k.compactIri({activeCtx:e,iri:"@direction",relativeTo:{vocab:!0}})]=n["@direction"]),y[k.compactIri({activeCtx:e,iri:"@value",relativeTo:{vocab:!0}})]=n["@value"],y}let o=Bs(e,t,{vocab:!0},r),s=te(e,t,"@type"),i=k.compactIri({activeCtx:e,iri:n["@id"],relativeTo:{vocab:s==="@vocab"},base:r.base});return s==="@id"||s==="@vocab"||o==="@graph"?i:{[k.compactIri({activeCtx:e,iri:"@id",relativeTo:{vocab:!0}})]:i}};function ml(e,t,n,r,o,s){s===null&&(s="@null");let i=[];if((s==="@id"||s==="@reverse")&&Ve(n)&&"@id"in n){s==="@reverse"&&i.push("@reverse");let l=k.compactIri({activeCtx:e,iri:n["@id"],relativeTo:{vocab:!0}});e.mappings.has(l)&&e.mappings.get(l)&&e.mappings.get(l)["@id"]===n["@id"]?i.push.apply(i,["@vocab","@id"]):i.push.apply(i,["@id","@vocab"])}else{i.push(s);let l=i.find(c=>c.includes("_"));l&&i.push(l.replace(/^[^_]+_/,"_"))}i.push("@none");let a=e.inverse[t];for(let l of r){if(!(l in a))continue;let c=a[l][o];for(let u of i)if(u in c)return c[u]}return null}function Us(e,t,n){if(Bs(e,t,{vocab:!0},n)!=="@nest")throw new wr("JSON-LD compact error; nested property must have an @nest value resolving to @nest.","jsonld.SyntaxError",{code:"invalid @nest value"})}});var Ws=R((op,Ks)=>{"use strict";Ks.exports=e=>{class t{toString(){return"[object JsonLdProcessor]"}}return Object.defineProperty(t,"prototype",{writable:!1,enumerable:!1}),Object.defineProperty(t.prototype,"constructor",{writable:!0,enumerable:!1,configurable:!0,value:t}),t.compact=function(n,r){return arguments.length<2?Promise.reject(new TypeError("Could not compact, too few arguments.")):e.compact(n,r)},t.expand=function(n){return arguments.length<1?Promise.reject(new TypeError("Could not expand, too few arguments.")):e.expand(n)},t.flatten=function(n){return arguments.length<1?Promise.reject(new TypeError("Could not flatten, too few arguments.")):e.flatten(n)},t}});var ro=R((ap,no)=>{var Qs=rn(),Ys=zi(),Ge=ae(),qe=Qi(),xr=Ge.IdentifierIssuer,$e=oe(),yl=Gn(),Ir=es(),{expand:bl}=fs(),{flatten:vl}=bs(),{fromRDF:wl}=As(),{toRDF:xl}=Rs(),{frameMergedOrDefault:Il,cleanupNull:Ol}=Cs(),{isArray:It,isObject:ot,isString:Xe}=ne(),{isSubjectReference:jl}=je(),{expandIri:Al,getInitialContext:wn,process:eo,processingMode:Or}=Je(),{compact:Sl,compactIri:$l}=Gs(),{createNodeMap:Nl,createMergedNodeMap:El,mergeNodeMaps:_l}=Ft(),{logEventHandler:Dl,logWarningEventHandler:kl,safeEventHandler:Rl,setDefaultEventHandler:Pl,setupEventHandler:Ll,strictEventHandler:Tl,unhandledEventHandler:Ml}=bt(),to=function(e){let t={},r=new yl({max:100});e.compact=async function(s,i,a){if(arguments.length<2)throw new TypeError("Could not compact, too few arguments.");if(i===null)throw new $e("The compaction context must not be null.","jsonld.CompactError",{code:"invalid local context"});if(s===null)return null;a=o(a,{base:Xe(s)?s:"",compactArrays:!0,compactToRelative:!0,graph:!1,skipExpansion:!1,link:!1,issuer:new xr("_:b"),contextResolver:new qe({sharedCache:r})}),a.link&&(a.skipExpansion=!0),a.compactToRelative||delete a.base;let l;a.skipExpansion?l=s:l=await e.expand(s,a);let c=await e.processContext(wn(a),i,a),u=await Sl({activeCtx:c,element:l,options:a});a.compactArrays&&!a.graph&&It(u)?u.length===1?u=u[0]:u.length===0&&(u={}):a.graph&&ot(u)&&(u=[u]),ot(i)&&"@context"in i&&(i=i["@context"]),i=Ge.clone(i),It(i)||(i=[i]);let h=i;i=[];for(let d=0;d<h.length;++d)(!ot(h[d])||Object.keys(h[d]).length>0)&&i.push(h[d]);let f=i.length>0;if(i.length===1&&(i=i[0]),It(u)){let d=$l({activeCtx:c,iri:"@graph",relativeTo:{vocab:!0}}),p=u;u={},f&&(u["@context"]=i),u[d]=p}else if(ot(u)&&f){let d=u;u={"@context":i};for(let p in d)u[p]=d[p]}return u},e.expand=async function(s,i){if(arguments.length<1)throw new TypeError("Could not expand, too few arguments.");i=o(i,{keepFreeFloatingNodes:!1,contextResolver:new qe({sharedCache:r})});let a={},l=[];if("expandContext"in i){let f=Ge.clone(i.expandContext);ot(f)&&"@context"in f?a.expandContext=f:a.expandContext={"@context":f},l.push(a.expandContext)}let c;if(!Xe(s))a.input=Ge.clone(s);else{let f=await e.get(s,i);c=f.documentUrl,a.input=f.document,f.contextUrl&&(a.remoteContext={"@context":f.contextUrl},l.push(a.remoteContext))}"base"in i||(i.base=c||"");let u=wn(i);for(let f of l)u=await eo({activeCtx:u,localCtx:f,options:i});let h=await bl({activeCtx:u,element:a.input,options:i});return ot(h)&&"@graph"in h&&Object.keys(h).length===1?h=h["@graph"]:h===null&&(h=[]),It(h)||(h=[h]),h},e.flatten=async function(s,i,a){if(arguments.length<1)return new TypeError("Could not flatten, too few arguments.");typeof i=="function"?i=null:i=i||null,a=o(a,{base:Xe(s)?s:"",contextResolver:new qe({sharedCache:r})});let l=await e.expand(s,a),c=vl(l);return i===null?c:(a.graph=!0,a.skipExpansion=!0,await e.compact(c,i,a))},e.frame=async function(s,i,a){if(arguments.length<2)throw new TypeError("Could not frame, too few arguments.");if(a=o(a,{base:Xe(s)?s:"",embed:"@once",explicit:!1,requireAll:!1,omitDefault:!1,bnodesToClear:[],contextResolver:new qe({sharedCache:r})}),Xe(i)){let g=await e.get(i,a);if(i=g.document,g.contextUrl){let y=i["@context"];y?It(y)?y.push(g.contextUrl):y=[y,g.contextUrl]:y=g.contextUrl,i["@context"]=y}}let l=i?i["@context"]||{}:{},c=await e.processContext(wn(a),l,a);a.hasOwnProperty("omitGraph")||(a.omitGraph=Or(c,1.1)),a.hasOwnProperty("pruneBlankNodeIdentifiers")||(a.pruneBlankNodeIdentifiers=Or(c,1.1));let u=await e.expand(s,a),h={...a};h.isFrame=!0,h.keepFreeFloatingNodes=!0;let f=await e.expand(i,h),d=Object.keys(i).map(g=>Al(c,g,{vocab:!0}));h.merged=!d.includes("@graph"),h.is11=Or(c,1.1);let p=Il(u,f,h);h.graph=!a.omitGraph,h.skipExpansion=!0,h.link={},h.framing=!0;let m=await e.compact(p,l,h);return h.link={},m=Ol(m,h),m},e.link=async function(s,i,a){let l={};return i&&(l["@context"]=i),l["@embed"]="@link",e.frame(s,l,a)},e.normalize=e.canonize=async function(s,i){if(arguments.length<1)throw new TypeError("Could not canonize, too few arguments.");i=o(i,{skipExpansion:!1,safe:!0,contextResolver:new qe({sharedCache:r})});let a=Object.assign({},{algorithm:"RDFC-1.0"},i.canonizeOptions||null);if("inputFormat"in i){if(i.inputFormat!=="application/n-quads")throw new $e("Unknown canonicalization input format.","jsonld.CanonizeError");let u=Ir.parse(s);return Qs.canonize(u,a)}let l={...i};delete l.format,delete l.canonizeOptions,l.produceGeneralizedRdf=!1;let c=await e.toRDF(s,l);return Qs.canonize(c,a)},e.fromRDF=async function(s,i){if(arguments.length<1)throw new TypeError("Could not convert from RDF, too few arguments.");i=o(i,{format:Xe(s)?"application/n-quads":void 0});let{format:a}=i,{rdfParser:l}=i;if(a){if(l=l||t[a],!l)throw new $e("Unknown input format.","jsonld.UnknownFormat",{format:a})}else l=()=>s;let c=await l(s);return wl(c,i)},e.toRDF=async function(s,i){if(arguments.length<1)throw new TypeError("Could not convert to RDF, too few arguments.");i=o(i,{skipExpansion:!1,contextResolver:new qe({sharedCache:r})});let a;i.skipExpansion?a=s:a=await e.expand(s,i);let l=xl(a,i);if(i.format){if(i.format==="application/n-quads")return Ir.serialize(l);throw new $e("Unknown output format.","jsonld.UnknownFormat",{format:i.format})}return l},e.createNodeMap=async function(s,i){if(arguments.length<1)throw new TypeError("Could not create node map, too few arguments.");i=o(i,{base:Xe(s)?s:"",contextResolver:new qe({sharedCache:r})});let a=await e.expand(s,i);return El(a,i)},e.merge=async function(s,i,a){if(arguments.length<1)throw new TypeError("Could not merge, too few arguments.");if(!It(s))throw new TypeError('Could not merge, "docs" must be an array.');typeof i=="function"?i=null:i=i||null,a=o(a,{contextResolver:new qe({sharedCache:r})});let l=await Promise.all(s.map(g=>{let y={...a};return e.expand(g,y)})),c=!0;"mergeNodes"in a&&(c=a.mergeNodes);let u=a.issuer||new xr("_:b"),h={"@default":{}};for(let g=0;g<l.length;++g){let y=Ge.relabelBlankNodes(l[g],{issuer:new xr("_:b"+g+"-")}),v=c||g===0?h:{"@default":{}};if(Nl(y,v,"@default",u),v!==h)for(let x in v){let b=v[x];if(!(x in h)){h[x]=b;continue}let A=h[x];for(let w in b)w in A||(A[w]=b[w])}}let f=_l(h),d=[],p=Object.keys(f).sort();for(let g=0;g<p.length;++g){let y=f[p[g]];jl(y)||d.push(y)}return i===null?d:(a.graph=!0,a.skipExpansion=!0,await e.compact(d,i,a))},Object.defineProperty(e,"documentLoader",{get:()=>e._documentLoader,set:s=>e._documentLoader=s}),e.documentLoader=async s=>{throw new $e("Could not retrieve a JSON-LD document from the URL. URL dereferencing not implemented.","jsonld.LoadDocumentError",{code:"loading document failed",url:s})},e.get=async function(s,i){let a;typeof i.documentLoader=="function"?a=i.documentLoader:a=e.documentLoader;let l=await a(s);try{if(!l.document)throw new $e("No remote document found at the given URL.","jsonld.NullRemoteDocument");Xe(l.document)&&(l.document=JSON.parse(l.document))}catch(c){throw new $e("Could not retrieve a JSON-LD document from the URL.","jsonld.LoadDocumentError",{code:"loading document failed",cause:c,remoteDoc:l})}return l},e.processContext=async function(s,i,a){return a=o(a,{base:"",contextResolver:new qe({sharedCache:r})}),i===null?wn(a):(i=Ge.clone(i),ot(i)&&"@context"in i||(i={"@context":i}),eo({activeCtx:s,localCtx:i,options:a}))},e.getContextValue=Je().getContextValue,e.documentLoaders={},e.useDocumentLoader=function(s){if(!(s in e.documentLoaders))throw new $e('Unknown document loader type: "'+s+'"',"jsonld.UnknownDocumentLoader",{type:s});e.documentLoader=e.documentLoaders[s].apply(e,Array.prototype.slice.call(arguments,1))},e.registerRDFParser=function(s,i){t[s]=i},e.unregisterRDFParser=function(s){delete t[s]},e.registerRDFParser("application/n-quads",Ir.parse),e.url=Le(),e.logEventHandler=Dl,e.logWarningEventHandler=kl,e.safeEventHandler=Rl,e.setDefaultEventHandler=Pl,e.strictEventHandler=Tl,e.unhandledEventHandler=Ml,e.util=Ge,Object.assign(e,Ge),e.promises=e,e.RequestQueue=Un(),e.JsonLdProcessor=Ws()(e),Ys.setupGlobals(e),Ys.setupDocumentLoaders(e);function o(s,{documentLoader:i=e.documentLoader,...a}){if(s&&"compactionMap"in s)throw new $e('"compactionMap" not supported.',"jsonld.OptionsError");if(s&&"expansionMap"in s)throw new $e('"expansionMap" not supported.',"jsonld.OptionsError");return Object.assign({},{documentLoader:i},a,s,{eventHandler:Ll({options:s})})}return e},jr=function(){return to(function(){return jr()})};to(jr);no.exports=jr});var To=new Set(["127.0.0.1","localhost","[::1]"]);async function ct(e,t,{fetch:n=globalThis.fetch,own:r=!1,accept:o="application/json"}={}){let s=new URL(e,r?document.baseURI:void 0);if(!(s.protocol==="https:"||s.protocol==="http:"&&(r||To.has(s.hostname)))||s.username||s.password)throw new Error("not an https address");let a=await n(s.href,{headers:{Accept:o},credentials:r?"same-origin":"omit",cache:"no-store",redirect:"error",referrerPolicy:"no-referrer",signal:AbortSignal.timeout(12*1e3)});if(!a.ok)throw new Error(`answered with ${a.status}`);return Pn(a.body,t)}async function Pn(e,t){let n=[],r=0,o=e.getReader();for(;;){let{done:a,value:l}=await o.read();if(a)break;if(r+=l.length,r>t)throw await o.cancel().catch(()=>{}),new Error("too large");n.push(l)}let s=new Uint8Array(r),i=0;for(let a of n)s.set(a,i),i+=a.length;return s}var pt="passed",ut="failed",Fe="could_not_check",Ln="informs",Nt=(e,t,n,r="")=>({code:e,outcome:t,reason:n,detail:String(r).slice(0,300)}),se=(e,t,n)=>Nt(e,pt,t,n),H=(e,t,n)=>Nt(e,ut,t,n),P=(e,t,n)=>Nt(e,Fe,t,n);function qr(e){let t=e.filter(r=>r.bearing!==Ln),n=new Set(t.map(r=>r.outcome));return n.has(ut)?"invalid":n.has(Fe)||!t.length?"undetermined":"valid"}var Mo="https://www.w3.org/ns/credentials/v2",Cr=/^https:\/\/purl\.imsglobal\.org\/spec\/ob\/v3p0\/context-3\.0\.[123]\.json$/,zo=["issuer","validFrom","validUntil","credentialSubject","credentialStatus","evidence","proof"],B=e=>e!==null&&typeof e=="object"&&!Array.isArray(e),fe=e=>Array.isArray(e)?e:[e],Y=(e,t)=>fe(e?.type).includes(t),Tn=e=>typeof e=="string"&&/^[A-Za-z][A-Za-z0-9+.-]*:\S+$/.test(e),De=e=>typeof e=="string"&&e.trim()!=="";function Oe(e){let t=B(e.issuer)?e.issuer.id:e.issuer;return typeof t=="string"?t:""}function Gt(e){let t={"@context":Array.isArray(e["@context"])&&e["@context"][0]===Mo,type:Y(e,"VerifiableCredential"),id:Tn(e.id),issuer:Tn(Oe(e)),credentialSubject:B(e.credentialSubject)};return Object.keys(t).find(r=>!t[r])??(qo(e)?"the credential is described in two places":"")}function Zr(e){let t=Gt(e);if(t)return t;let n=e.credentialSubject,r=n.achievement,o=fe(n.identifier).some(i=>B(i)&&De(i.identityHash)),s={"@context":Cr.test(e["@context"][1]),type:Y(e,"OpenBadgeCredential")||Y(e,"AchievementCredential"),"credentialSubject.type":Y(n,"AchievementSubject"),"credentialSubject.id":De(n.id)||o,"credentialSubject.achievement":B(r)&&Y(r,"Achievement"),"achievement.id":De(r?.id),"achievement.name":De(r?.name),"achievement.description":De(r?.description),"achievement.criteria":De(r?.criteria?.id)||De(r?.criteria?.narrative)};return Object.keys(s).find(i=>!s[i])??""}function Fr(e){let t=Gt(e);if(t)return t;let n=e.credentialSubject,r={"@context":Cr.test(e["@context"][1]),type:Y(e,"EndorsementCredential"),name:De(e.name)||De(e.name?.["@value"]),"credentialSubject.type":Y(n,"EndorsementSubject"),"credentialSubject.id":Tn(n.id)};return Object.keys(r).find(o=>!r[o])??""}function qo(e){let t=Object.values(e);for(let n of t){if(B(n)&&n.id===e.id&&zo.some(r=>r in n))return!0;if(n!==null&&typeof n=="object")for(let r of Object.values(n))t.push(r)}return!1}var Ur=[{url:"https://www.w3.org/ns/credentials/v2",sha256:"59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",text:`{
  "@context": {
    "@protected": true,

    "id": "@id",
    "type": "@type",

    "description": "https://schema.org/description",
    "digestMultibase": {
      "@id": "https://w3id.org/security#digestMultibase",
      "@type": "https://w3id.org/security#multibase"
    },
    "digestSRI": {
      "@id": "https://www.w3.org/2018/credentials#digestSRI",
      "@type": "https://www.w3.org/2018/credentials#sriString"
    },
    "mediaType": {
      "@id": "https://schema.org/encodingFormat"
    },
    "name": "https://schema.org/name",

    "VerifiableCredential": {
      "@id": "https://www.w3.org/2018/credentials#VerifiableCredential",
      "@context": {
        "@protected": true,

        "id": "@id",
        "type": "@type",

        "confidenceMethod": {
          "@id": "https://www.w3.org/2018/credentials#confidenceMethod",
          "@type": "@id"
        },
        "credentialSchema": {
          "@id": "https://www.w3.org/2018/credentials#credentialSchema",
          "@type": "@id"
        },
        "credentialStatus": {
          "@id": "https://www.w3.org/2018/credentials#credentialStatus",
          "@type": "@id"
        },
        "credentialSubject": {
          "@id": "https://www.w3.org/2018/credentials#credentialSubject",
          "@type": "@id"
        },
        "description": "https://schema.org/description",
        "evidence": {
          "@id": "https://www.w3.org/2018/credentials#evidence",
          "@type": "@id"
        },
        "issuer": {
          "@id": "https://www.w3.org/2018/credentials#issuer",
          "@type": "@id"
        },
        "name": "https://schema.org/name",
        "proof": {
          "@id": "https://w3id.org/security#proof",
          "@type": "@id",
          "@container": "@graph"
        },
        "refreshService": {
          "@id": "https://www.w3.org/2018/credentials#refreshService",
          "@type": "@id"
        },
        "relatedResource": {
          "@id": "https://www.w3.org/2018/credentials#relatedResource",
          "@type": "@id"
        },
        "renderMethod": {
          "@id": "https://www.w3.org/2018/credentials#renderMethod",
          "@type": "@id"
        },
        "termsOfUse": {
          "@id": "https://www.w3.org/2018/credentials#termsOfUse",
          "@type": "@id"
        },
        "validFrom": {
          "@id": "https://www.w3.org/2018/credentials#validFrom",
          "@type": "http://www.w3.org/2001/XMLSchema#dateTime"
        },
        "validUntil": {
          "@id": "https://www.w3.org/2018/credentials#validUntil",
          "@type": "http://www.w3.org/2001/XMLSchema#dateTime"
        }
      }
    },

    "EnvelopedVerifiableCredential":
      "https://www.w3.org/2018/credentials#EnvelopedVerifiableCredential",

    "VerifiablePresentation": {
      "@id": "https://www.w3.org/2018/credentials#VerifiablePresentation",
      "@context": {
        "@protected": true,

        "id": "@id",
        "type": "@type",

        "holder": {
          "@id": "https://www.w3.org/2018/credentials#holder",
          "@type": "@id"
        },
        "proof": {
          "@id": "https://w3id.org/security#proof",
          "@type": "@id",
          "@container": "@graph"
        },
        "termsOfUse": {
          "@id": "https://www.w3.org/2018/credentials#termsOfUse",
          "@type": "@id"
        },
        "verifiableCredential": {
          "@id": "https://www.w3.org/2018/credentials#verifiableCredential",
          "@type": "@id",
          "@container": "@graph",
          "@context": null
        }
      }
    },

    "EnvelopedVerifiablePresentation":
      "https://www.w3.org/2018/credentials#EnvelopedVerifiablePresentation",

    "JsonSchemaCredential":
      "https://www.w3.org/2018/credentials#JsonSchemaCredential",

    "JsonSchema": {
      "@id": "https://www.w3.org/2018/credentials#JsonSchema",
      "@context": {
        "@protected": true,

        "id": "@id",
        "type": "@type",

        "jsonSchema": {
          "@id": "https://www.w3.org/2018/credentials#jsonSchema",
          "@type": "@json"
        }
      }
    },

    "BitstringStatusListCredential":
      "https://www.w3.org/ns/credentials/status#BitstringStatusListCredential",

    "BitstringStatusList": {
      "@id": "https://www.w3.org/ns/credentials/status#BitstringStatusList",
      "@context": {
        "@protected": true,

        "id": "@id",
        "type": "@type",

        "encodedList": {
          "@id": "https://www.w3.org/ns/credentials/status#encodedList",
          "@type": "https://w3id.org/security#multibase"
        },
        "statusPurpose":
          "https://www.w3.org/ns/credentials/status#statusPurpose",
        "ttl": "https://www.w3.org/ns/credentials/status#ttl"
      }
    },

    "BitstringStatusListEntry": {
      "@id":
        "https://www.w3.org/ns/credentials/status#BitstringStatusListEntry",
      "@context": {
        "@protected": true,

        "id": "@id",
        "type": "@type",

        "statusListCredential": {
          "@id":
            "https://www.w3.org/ns/credentials/status#statusListCredential",
          "@type": "@id"
        },
        "statusListIndex":
          "https://www.w3.org/ns/credentials/status#statusListIndex",
        "statusPurpose":
          "https://www.w3.org/ns/credentials/status#statusPurpose",
        "statusMessage": {
          "@id": "https://www.w3.org/ns/credentials/status#statusMessage",
          "@context": {
            "@protected": true,

            "id": "@id",
            "type": "@type",

            "message": "https://www.w3.org/ns/credentials/status#message",
            "status": "https://www.w3.org/ns/credentials/status#status"
          }
        },
        "statusReference": {
          "@id": "https://www.w3.org/ns/credentials/status#statusReference",
          "@type": "@id"
        },
        "statusSize": {
          "@id": "https://www.w3.org/ns/credentials/status#statusSize",
          "@type": "https://www.w3.org/2001/XMLSchema#integer"
        }
      }
    },

    "DataIntegrityProof": {
      "@id": "https://w3id.org/security#DataIntegrityProof",
      "@context": {
        "@protected": true,

        "id": "@id",
        "type": "@type",

        "challenge": "https://w3id.org/security#challenge",
        "created": {
          "@id": "http://purl.org/dc/terms/created",
          "@type": "http://www.w3.org/2001/XMLSchema#dateTime"
        },
        "cryptosuite": {
          "@id": "https://w3id.org/security#cryptosuite",
          "@type": "https://w3id.org/security#cryptosuiteString"
        },
        "domain": "https://w3id.org/security#domain",
        "expires": {
          "@id": "https://w3id.org/security#expiration",
          "@type": "http://www.w3.org/2001/XMLSchema#dateTime"
        },
        "nonce": "https://w3id.org/security#nonce",
        "previousProof": {
          "@id": "https://w3id.org/security#previousProof",
          "@type": "@id"
        },
        "proofPurpose": {
          "@id": "https://w3id.org/security#proofPurpose",
          "@type": "@vocab",
          "@context": {
            "@protected": true,

            "id": "@id",
            "type": "@type",

            "assertionMethod": {
              "@id": "https://w3id.org/security#assertionMethod",
              "@type": "@id",
              "@container": "@set"
            },
            "authentication": {
              "@id": "https://w3id.org/security#authenticationMethod",
              "@type": "@id",
              "@container": "@set"
            },
            "capabilityDelegation": {
              "@id": "https://w3id.org/security#capabilityDelegationMethod",
              "@type": "@id",
              "@container": "@set"
            },
            "capabilityInvocation": {
              "@id": "https://w3id.org/security#capabilityInvocationMethod",
              "@type": "@id",
              "@container": "@set"
            },
            "keyAgreement": {
              "@id": "https://w3id.org/security#keyAgreementMethod",
              "@type": "@id",
              "@container": "@set"
            }
          }
        },
        "proofValue": {
          "@id": "https://w3id.org/security#proofValue",
          "@type": "https://w3id.org/security#multibase"
        },
        "verificationMethod": {
          "@id": "https://w3id.org/security#verificationMethod",
          "@type": "@id"
        }
      }
    },

    "...": {
      "@id": "https://www.iana.org/assignments/jwt#..."
    },
    "_sd": {
      "@id": "https://www.iana.org/assignments/jwt#_sd",
      "@type": "@json"
    },
    "_sd_alg": {
      "@id": "https://www.iana.org/assignments/jwt#_sd_alg"
    },
    "aud": {
      "@id": "https://www.iana.org/assignments/jwt#aud",
      "@type": "@id"
    },
    "cnf": {
      "@id": "https://www.iana.org/assignments/jwt#cnf",
      "@context": {
        "@protected": true,

        "kid": {
          "@id": "https://www.iana.org/assignments/jwt#kid",
          "@type": "@id"
        },
        "jwk": {
          "@id": "https://www.iana.org/assignments/jwt#jwk",
          "@type": "@json"
        }
      }
    },
    "exp": {
      "@id": "https://www.iana.org/assignments/jwt#exp",
      "@type": "https://www.w3.org/2001/XMLSchema#nonNegativeInteger"
    },
    "iat": {
      "@id": "https://www.iana.org/assignments/jwt#iat",
      "@type": "https://www.w3.org/2001/XMLSchema#nonNegativeInteger"
    },
    "iss": {
      "@id": "https://www.iana.org/assignments/jose#iss",
      "@type": "@id"
    },
    "jku": {
      "@id": "https://www.iana.org/assignments/jose#jku",
      "@type": "@id"
    },
    "kid": {
      "@id": "https://www.iana.org/assignments/jose#kid",
      "@type": "@id"
    },
    "nbf": {
      "@id": "https://www.iana.org/assignments/jwt#nbf",
      "@type": "https://www.w3.org/2001/XMLSchema#nonNegativeInteger"
    },
    "sub": {
      "@id": "https://www.iana.org/assignments/jose#sub",
      "@type": "@id"
    },
    "x5u": {
      "@id": "https://www.iana.org/assignments/jose#x5u",
      "@type": "@id"
    }
  }
}`},{url:"https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",sha256:"ef2fa9c7846dce233cc166b43639027278be4ee44f00bb1d45c75de2dd0cd761",text:`{
  "@context": {
    "@protected": true,
    "id": "@id",
    "type": "@type",
    "OpenBadgeCredential": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#OpenBadgeCredential"
    },
    "Achievement": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Achievement",
      "@context": {
        "@protected": true,
        "id": "@id",
        "type": "@type",
        "achievementType": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#achievementType"
        },
        "alignment": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#alignment",
          "@container": "@set"
        },
        "creator": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#creator"
        },
        "creditsAvailable": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#creditsAvailable",
          "@type": "https://www.w3.org/2001/XMLSchema#float"
        },
        "criteria": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Criteria",
          "@type": "@id"
        },
        "fieldOfStudy": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#fieldOfStudy"
        },
        "humanCode": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#humanCode"
        },
        "image": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#image",
          "@type": "@id"
        },
        "otherIdentifier": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#otherIdentifier",
          "@container": "@set"
        },
        "related": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#related",
          "@container": "@set"
        },
        "resultDescription": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#resultDescription",
          "@container": "@set"
        },
        "specialization": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#specialization"
        },
        "tag": {
          "@id": "https://schema.org/keywords",
          "@container": "@set"
        },
        "version": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#version"
        },
        "inLanguage": {
          "@id": "https://schema.org/inLanguage"
        }
      }
    },
    "AchievementCredential": {
      "@id": "OpenBadgeCredential"
    },
    "AchievementSubject": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#AchievementSubject",
      "@context": {
        "@protected": true,
        "id": "@id",
        "type": "@type",
        "achievement": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#achievement"
        },
        "activityEndDate": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#activityEndDate",
          "@type": "https://www.w3.org/2001/XMLSchema#date"
        },
        "activityStartDate": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#activityStartDate",
          "@type": "https://www.w3.org/2001/XMLSchema#date"
        },
        "creditsEarned": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#creditsEarned",
          "@type": "https://www.w3.org/2001/XMLSchema#float"
        },
        "identifier": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#identifier",
          "@container": "@set"
        },
        "image": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#image",
          "@type": "@id"
        },
        "licenseNumber": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#licenseNumber"
        },
        "result": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#result",
          "@container": "@set"
        },
        "role": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#role"
        },
        "source": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#source",
          "@type": "@id"
        },
        "term": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#term"
        }
      }
    },
    "Address": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Address",
      "@context": {
        "@protected": true,
        "id": "@id",
        "type": "@type",
        "addressCountry": {
          "@id": "https://schema.org/addressCountry"
        },
        "addressCountryCode": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#CountryCode"
        },
        "addressLocality": {
          "@id": "https://schema.org/addressLocality"
        },
        "addressRegion": {
          "@id": "https://schema.org/addressRegion"
        },
        "geo": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#GeoCoordinates"
        },
        "postOfficeBoxNumber": {
          "@id": "https://schema.org/postOfficeBoxNumber"
        },
        "postalCode": {
          "@id": "https://schema.org/postalCode"
        },
        "streetAddress": {
          "@id": "https://schema.org/streetAddress"
        }
      }
    },
    "Alignment": {
      "@id": "https://schema.org/AlignmentObject",
      "@context": {
        "@protected": true,
        "id": "@id",
        "type": "@type",
        "targetCode": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#targetCode"
        },
        "targetDescription": {
          "@id": "https://schema.org/targetDescription"
        },
        "targetFramework": {
          "@id": "https://schema.org/targetFramework"
        },
        "targetName": {
          "@id": "https://schema.org/targetName"
        },
        "targetType": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#targetType"
        },
        "targetUrl": {
          "@id": "https://schema.org/targetUrl",
          "@type": "https://www.w3.org/2001/XMLSchema#anyURI"
        }
      }
    },
    "Criteria": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Criteria"
    },
    "EndorsementCredential": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#EndorsementCredential"
    },
    "EndorsementSubject": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#EndorsementSubject",
      "@context": {
        "@protected": true,
        "id": "@id",
        "type": "@type",
        "endorsementComment": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#endorsementComment"
        }
      }
    },
    "Evidence": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Evidence",
      "@context": {
        "@protected": true,
        "id": "@id",
        "type": "@type",
        "audience": {
          "@id": "https://schema.org/audience"
        },
        "genre": {
          "@id": "https://schema.org/genre"
        }
      }
    },
    "GeoCoordinates": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#GeoCoordinates",
      "@context": {
        "@protected": true,
        "id": "@id",
        "type": "@type",
        "latitude": {
          "@id": "https://schema.org/latitude"
        },
        "longitude": {
          "@id": "https://schema.org/longitude"
        }
      }
    },
    "IdentifierEntry": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#IdentifierEntry",
      "@context": {
        "@protected": true,
        "id": "@id",
        "type": "@type",
        "identifier": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#identifier"
        },
        "identifierType": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#identifierType"
        }
      }
    },
    "IdentityObject": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#IdentityObject",
      "@context": {
        "@protected": true,
        "id": "@id",
        "type": "@type",
        "hashed": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#hashed",
          "@type": "https://www.w3.org/2001/XMLSchema#boolean"
        },
        "identityHash": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#identityHash"
        },
        "identityType": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#identityType"
        },
        "salt": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#salt"
        }
      }
    },
    "Image": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Image",
      "@context": {
        "@protected": true,
        "id": "@id",
        "type": "@type",
        "caption": {
          "@id": "https://schema.org/caption"
        }
      }
    },
    "Profile": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Profile",
      "@context": {
        "@protected": true,
        "id": "@id",
        "type": "@type",
        "additionalName": {
          "@id": "https://schema.org/additionalName"
        },
        "address": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#address",
          "@type": "@id"
        },
        "dateOfBirth": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#dateOfBirth",
          "@type": "https://www.w3.org/2001/XMLSchema#date"
        },
        "email": {
          "@id": "https://schema.org/email"
        },
        "familyName": {
          "@id": "https://schema.org/familyName"
        },
        "familyNamePrefix": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#familyNamePrefix"
        },
        "givenName": {
          "@id": "https://schema.org/givenName"
        },
        "honorificPrefix": {
          "@id": "https://schema.org/honorificPrefix"
        },
        "honorificSuffix": {
          "@id": "https://schema.org/honorificSuffix"
        },
        "image": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#image",
          "@type": "@id"
        },
        "otherIdentifier": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#otherIdentifier",
          "@container": "@set"
        },
        "parentOrg": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#parentOrg",
          "@type": "@id"
        },
        "patronymicName": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#patronymicName"
        },
        "phone": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#phone"
        },
        "official": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#official"
        }
      }
    },
    "Related": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Related",
      "@context": {
        "@protected": true,
        "id": "@id",
        "type": "@type",
        "version": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#version"
        },
        "inLanguage": {
          "@id": "https://schema.org/inLanguage"
        }
      }
    },
    "Result": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Result",
      "@context": {
        "@protected": true,
        "id": "@id",
        "type": "@type",
        "achievedLevel": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#achievedLevel",
          "@type": "https://www.w3.org/2001/XMLSchema#anyURI"
        },
        "resultDescription": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#resultDescription",
          "@type": "https://www.w3.org/2001/XMLSchema#anyURI"
        },
        "status": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#status"
        },
        "value": {
          "@id": "https://schema.org/value"
        }
      }
    },
    "ResultDescription": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#ResultDescription",
      "@context": {
        "@protected": true,
        "id": "@id",
        "type": "@type",
        "allowedValue": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#allowedValue",
          "@container": "@list"
        },
        "requiredLevel": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#requiredLevel",
          "@type": "https://www.w3.org/2001/XMLSchema#anyURI"
        },
        "requiredValue": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#requiredValue"
        },
        "resultType": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#resultType"
        },
        "rubricCriterionLevel": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#rubricCriterionLevel",
          "@container": "@set"
        },
        "valueMax": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#valueMax"
        },
        "valueMin": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#valueMin"
        }
      }
    },
    "RubricCriterionLevel": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#RubricCriterionLevel",
      "@context": {
        "@protected": true,
        "id": "@id",
        "type": "@type",
        "level": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#level"
        },
        "points": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#points"
        }
      }
    },
    "alignment": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#alignment",
      "@container": "@set"
    },
    "description": {
      "@id": "https://schema.org/description"
    },
    "endorsement": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#endorsement",
      "@container": "@set"
    },
    "image": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#image",
      "@type": "@id"
    },
    "inLanguage": {
      "@id": "https://schema.org/inLanguage"
    },
    "name": {
      "@id": "https://schema.org/name"
    },
    "narrative": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#narrative"
    },
    "url": {
      "@id": "https://schema.org/url",
      "@type": "https://www.w3.org/2001/XMLSchema#anyURI"
    },
    "awardedDate": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#awardedDate",
      "@type": "xsd:dateTime"
    }
  }
}
`},{url:"https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json",sha256:"00666ad080ba407687ed1846b7f5e7495f5019042b202a727de47c48a1755c53",text:`{
  "@context": {
    "@protected": true,
    "id": "@id",
    "type": "@type",
    "OpenBadgeCredential": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#OpenBadgeCredential"
    },
    "Achievement": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Achievement",
      "@context": {
        "@protected": true,
        "id": "@id",
        "type": "@type",
        "achievementType": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#achievementType"
        },
        "alignment": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#alignment",
          "@container": "@set"
        },
        "creator": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#creator"
        },
        "creditsAvailable": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#creditsAvailable",
          "@type": "https://www.w3.org/2001/XMLSchema#float"
        },
        "criteria": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Criteria",
          "@type": "@id"
        },
        "fieldOfStudy": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#fieldOfStudy"
        },
        "humanCode": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#humanCode"
        },
        "image": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Image",
          "@type": "@id"
        },
        "otherIdentifier": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#otherIdentifier",
          "@container": "@set"
        },
        "related": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#related",
          "@container": "@set"
        },
        "resultDescription": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#resultDescription",
          "@container": "@set"
        },
        "specialization": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#specialization"
        },
        "tag": {
          "@id": "https://schema.org/keywords",
          "@container": "@set"
        },
        "version": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#version"
        }
      }
    },
    "AchievementCredential": {
      "@id": "OpenBadgeCredential"
    },
    "AchievementSubject": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#AchievementSubject",
      "@context": {
        "@protected": true,
        "id": "@id",
        "type": "@type",
        "achievement": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#achievement-0"
        },
        "activityEndDate": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#activityEndDate",
          "@type": "https://www.w3.org/2001/XMLSchema#date"
        },
        "activityStartDate": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#activityStartDate",
          "@type": "https://www.w3.org/2001/XMLSchema#date"
        },
        "creditsEarned": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#creditsEarned",
          "@type": "https://www.w3.org/2001/XMLSchema#float"
        },
        "identifier": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#identifier",
          "@container": "@set"
        },
        "image": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Image",
          "@type": "@id"
        },
        "licenseNumber": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#licenseNumber"
        },
        "result": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#result",
          "@container": "@set"
        },
        "role": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#role"
        },
        "source": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#source",
          "@type": "@id"
        },
        "term": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#term"
        }
      }
    },
    "Address": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Address",
      "@context": {
        "@protected": true,
        "id": "@id",
        "type": "@type",
        "addressCountry": {
          "@id": "https://schema.org/addressCountry"
        },
        "addressCountryCode": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#CountryCode"
        },
        "addressLocality": {
          "@id": "https://schema.org/addressLocality"
        },
        "addressRegion": {
          "@id": "https://schema.org/addressRegion"
        },
        "geo": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#GeoCoordinates"
        },
        "postOfficeBoxNumber": {
          "@id": "https://schema.org/postOfficeBoxNumber"
        },
        "postalCode": {
          "@id": "https://schema.org/postalCode"
        },
        "streetAddress": {
          "@id": "https://schema.org/streetAddress"
        }
      }
    },
    "Alignment": {
      "@id": "https://schema.org/AlignmentObject",
      "@context": {
        "@protected": true,
        "id": "@id",
        "type": "@type",
        "targetCode": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#targetCode"
        },
        "targetDescription": {
          "@id": "https://schema.org/targetDescription"
        },
        "targetFramework": {
          "@id": "https://schema.org/targetFramework"
        },
        "targetName": {
          "@id": "https://schema.org/targetName"
        },
        "targetType": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#targetType"
        },
        "targetUrl": {
          "@id": "https://schema.org/targetUrl",
          "@type": "https://www.w3.org/2001/XMLSchema#anyURI"
        }
      }
    },
    "Criteria": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Criteria"
    },
    "EndorsementCredential": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#EndorsementCredential"
    },
    "EndorsementSubject": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#EndorsementSubject",
      "@context": {
        "@protected": true,
        "id": "@id",
        "type": "@type",
        "endorsementComment": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#endorsementComment"
        }
      }
    },
    "Evidence": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Evidence",
      "@context": {
        "@protected": true,
        "id": "@id",
        "type": "@type",
        "audience": {
          "@id": "https://schema.org/audience"
        },
        "genre": {
          "@id": "https://schema.org/genre"
        }
      }
    },
    "GeoCoordinates": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#GeoCoordinates",
      "@context": {
        "@protected": true,
        "id": "@id",
        "type": "@type",
        "latitude": {
          "@id": "https://schema.org/latitude"
        },
        "longitude": {
          "@id": "https://schema.org/longitude"
        }
      }
    },
    "IdentifierEntry": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#IdentifierEntry",
      "@context": {
        "@protected": true,
        "id": "@id",
        "type": "@type",
        "identifier": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#identifier"
        },
        "identifierType": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#identifierType"
        }
      }
    },
    "IdentityObject": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#IdentityObject",
      "@context": {
        "@protected": true,
        "id": "@id",
        "type": "@type",
        "hashed": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#hashed",
          "@type": "https://www.w3.org/2001/XMLSchema#boolean"
        },
        "identityHash": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#identityHash"
        },
        "identityType": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#identityType"
        },
        "salt": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#salt"
        }
      }
    },
    "Image": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Image",
      "@context": {
        "@protected": true,
        "id": "@id",
        "type": "@type",
        "caption": {
          "@id": "https://schema.org/caption"
        }
      }
    },
    "Profile": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Profile",
      "@context": {
        "@protected": true,
        "id": "@id",
        "type": "@type",
        "additionalName": {
          "@id": "https://schema.org/additionalName"
        },
        "address": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#address",
          "@type": "@id"
        },
        "dateOfBirth": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#dateOfBirth",
          "@type": "https://www.w3.org/2001/XMLSchema#date"
        },
        "email": {
          "@id": "https://schema.org/email"
        },
        "familyName": {
          "@id": "https://schema.org/familyName"
        },
        "familyNamePrefix": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#familyNamePrefix"
        },
        "givenName": {
          "@id": "https://schema.org/givenName"
        },
        "honorificPrefix": {
          "@id": "https://schema.org/honorificPrefix"
        },
        "honorificSuffix": {
          "@id": "https://schema.org/honorificSuffix"
        },
        "image": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Image",
          "@type": "@id"
        },
        "otherIdentifier": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#otherIdentifier",
          "@container": "@set"
        },
        "parentOrg": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#parentOrg",
          "@type": "@id"
        },
        "patronymicName": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#patronymicName"
        },
        "phone": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#phone"
        },
        "official": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#official"
        }
      }
    },
    "Related": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Related",
      "@context": {
        "@protected": true,
        "id": "@id",
        "type": "@type",
        "version": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#version"
        }
      }
    },
    "Result": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Result",
      "@context": {
        "@protected": true,
        "id": "@id",
        "type": "@type",
        "achievedLevel": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#achievedLevel",
          "@type": "https://www.w3.org/2001/XMLSchema#anyURI"
        },
        "resultDescription": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#resultDescription",
          "@type": "https://www.w3.org/2001/XMLSchema#anyURI"
        },
        "status": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#status"
        },
        "value": {
          "@id": "https://schema.org/value"
        }
      }
    },
    "ResultDescription": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#ResultDescription",
      "@context": {
        "@protected": true,
        "id": "@id",
        "type": "@type",
        "allowedValue": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#allowedValue",
          "@container": "@list"
        },
        "requiredLevel": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#requiredLevel",
          "@type": "https://www.w3.org/2001/XMLSchema#anyURI"
        },
        "requiredValue": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#requiredValue"
        },
        "resultType": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#resultType"
        },
        "rubricCriterionLevel": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#rubricCriterionLevel",
          "@container": "@set"
        },
        "valueMax": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#valueMax"
        },
        "valueMin": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#valueMin"
        }
      }
    },
    "RubricCriterionLevel": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#RubricCriterionLevel",
      "@context": {
        "@protected": true,
        "id": "@id",
        "type": "@type",
        "level": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#level"
        },
        "points": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#points"
        }
      }
    },
    "alignment": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#alignment",
      "@container": "@set"
    },
    "description": {
      "@id": "https://schema.org/description"
    },
    "endorsement": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#endorsement",
      "@container": "@set"
    },
    "image": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Image",
      "@type": "@id"
    },
    "name": {
      "@id": "https://schema.org/name"
    },
    "narrative": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#narrative"
    },
    "url": {
      "@id": "https://schema.org/url",
      "@type": "https://www.w3.org/2001/XMLSchema#anyURI"
    }
  }
}
`},{url:"https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json",sha256:"d582f3564282fb3b709136d28412e78e70b678b4dbc2f0221f67d84932748355",text:`{
  "@context": {
    "id": "@id",
    "type": "@type",

    "xsd": "https://www.w3.org/2001/XMLSchema#",

    "OpenBadgeCredential": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#OpenBadgeCredential"
    },
    "Achievement": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Achievement",
      "@context": {
        "achievementType": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#achievementType",
          "@type": "xsd:string"
        },
        "alignment": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#alignment",
          "@container": "@set"
        },
        "creator": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#creator"
        },
        "creditsAvailable": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#creditsAvailable",
          "@type": "xsd:float"
        },
        "criteria": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Criteria",
          "@type": "@id"
        },
        "fieldOfStudy": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#fieldOfStudy",
          "@type": "xsd:string"
        },
        "humanCode": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#humanCode",
          "@type": "xsd:string"
        },
        "image": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Image",
          "@type": "@id"
        },
        "otherIdentifier": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#otherIdentifier",
          "@container": "@set"
        },
        "related": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#related",
          "@container": "@set"
        },
        "resultDescription": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#resultDescription",
          "@container": "@set"
        },
        "specialization": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#specialization",
          "@type": "xsd:string"
        },
        "tag": {
          "@id": "https://schema.org/keywords",
          "@type": "xsd:string",
          "@container": "@set"
        },
        "version": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#version",
          "@type": "xsd:string"
        }
      }
    },
    "AchievementCredential": {
      "@id": "OpenBadgeCredential"
    },
    "AchievementSubject": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#AchievementSubject",
      "@context": {
        "achievement": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#achievement-0"
        },
        "activityEndDate": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#activityEndDate",
          "@type": "xsd:date"
        },
        "activityStartDate": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#activityStartDate",
          "@type": "xsd:date"
        },
        "creditsEarned": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#creditsEarned",
          "@type": "xsd:float"
        },
        "identifier": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#identifier",
          "@container": "@set"
        },
        "image": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Image",
          "@type": "@id"
        },
        "licenseNumber": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#licenseNumber",
          "@type": "xsd:string"
        },
        "result": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#result",
          "@container": "@set"
        },
        "role": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#role",
          "@type": "xsd:string"
        },
        "source": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#source",
          "@type": "@id"
        },
        "term": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#term",
          "@type": "xsd:string"
        }
      }
    },
    "Address": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Address",
      "@context": {
        "addressCountry": {
          "@id": "https://schema.org/addressCountry",
          "@type": "xsd:string"
        },
        "addressCountryCode": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#CountryCode",
          "@type": "xsd:string"
        },
        "addressLocality": {
          "@id": "https://schema.org/addressLocality",
          "@type": "xsd:string"
        },
        "addressRegion": {
          "@id": "https://schema.org/addressRegion",
          "@type": "xsd:string"
        },
        "geo": {
          "@id" : "https://purl.imsglobal.org/spec/vc/ob/vocab.html#GeoCoordinates"
        },
        "postOfficeBoxNumber": {
          "@id": "https://schema.org/postOfficeBoxNumber",
          "@type": "xsd:string"
        },
        "postalCode": {
          "@id": "https://schema.org/postalCode",
          "@type": "xsd:string"
        },
        "streetAddress": {
          "@id": "https://schema.org/streetAddress",
          "@type": "xsd:string"
        }
      }
    },
    "Alignment": {
      "@id": "https://schema.org/AlignmentObject",
      "@context": {
        "targetCode": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#targetCode",
          "@type": "xsd:string"
        },
        "targetDescription": {
          "@id": "https://schema.org/targetDescription",
          "@type": "xsd:string"
        },
        "targetFramework": {
          "@id": "https://schema.org/targetFramework",
          "@type": "xsd:string"
        },
        "targetName": {
          "@id": "https://schema.org/targetName",
          "@type": "xsd:string"
        },
        "targetType": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#targetType",
          "@type": "xsd:string"
        },
        "targetUrl": {
          "@id": "https://schema.org/targetUrl",
          "@type": "xsd:anyURI"
        }
      }
    },
    "Criteria": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Criteria"
    },
    "EndorsementCredential": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#EndorsementCredential"
    },
    "EndorsementSubject": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#EndorsementSubject",
      "@context": {
        "endorsementComment": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#endorsementComment",
          "@type": "xsd:string"
        }
      }
    },
    "Evidence": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Evidence",
      "@context": {
        "audience": {
          "@id": "https://schema.org/audience",
          "@type": "xsd:string"
        },
        "genre": {
          "@id": "https://schema.org/genre",
          "@type": "xsd:string"
        }
      }
    },
    "GeoCoordinates": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#GeoCoordinates",
      "@context": {
        "latitude": {
          "@id": "https://schema.org/latitude",
          "@type": "xsd:string"
        },
        "longitude": {
          "@id": "https://schema.org/longitude",
          "@type": "xsd:string"
        }
      }
    },
    "IdentifierEntry": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#IdentifierEntry",
      "@context": {
        "identifier": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#identifier",
          "@type": "xsd:string"
        },
        "identifierType": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#identifierType",
          "@type": "xsd:string"
        }
      }
    },
    "IdentityObject": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#IdentityObject",
      "@context": {
        "hashed": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#hashed",
          "@type": "xsd:boolean"
        },
        "identityHash": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#identityHash",
          "@type": "xsd:string"
        },
        "identityType": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#identityType",
          "@type": "xsd:string"
        },
        "salt":  {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#salt",
          "@type": "xsd:string"
        }
      }
    },
    "Image": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Image",
      "@context": {
        "caption": {
          "@id": "https://schema.org/caption",
          "@type": "xsd:string"
        }
      }
    },
    "Profile": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Profile",
      "@context": {
        "additionalName": {
          "@id": "https://schema.org/additionalName",
          "@type": "xsd:string"
        },
        "address": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#address",
          "@type": "@id"
        },
        "dateOfBirth": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#dateOfBirth",
          "@type": "xsd:date"
        },
        "email": {
          "@id": "https://schema.org/email",
          "@type": "xsd:string"
        },
        "familyName": {
          "@id": "https://schema.org/familyName",
          "@type": "xsd:string"
        },
        "familyNamePrefix": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#familyNamePrefix",
          "@type": "xsd:string"
        },
        "givenName": {
          "@id": "https://schema.org/givenName",
          "@type": "xsd:string"
        },
        "honorificPrefix": {
          "@id": "https://schema.org/honorificPrefix",
          "@type": "xsd:string"
        },
        "honorificSuffix": {
          "@id": "https://schema.org/honorificSuffix",
          "@type": "xsd:string"
        },
        "image": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Image",
          "@type": "@id"
        },
        "otherIdentifier": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#otherIdentifier",
          "@container": "@set"
        },
        "parentOrg": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#parentOrg",
          "@type": "@id"
        },
        "patronymicName": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#patronymicName",
          "@type": "xsd:string"
        },
        "phone": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#phone",
          "@type": "xsd:string"
        },
        "official": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#official",
          "@type": "xsd:string"
        }
      }
    },
    "Related": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Related",
      "@context": {
        "version": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#version",
          "@type": "xsd:string"
        }
      }
    },
    "Result": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Result",
      "@context": {
        "achievedLevel": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#achievedLevel",
          "@type": "xsd:anyURI"
        },
        "resultDescription": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#resultDescription",
          "@type": "xsd:anyURI"
        },
        "status": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#status",
          "@type": "xsd:string"
        },
        "value": {
          "@id": "https://schema.org/value",
          "@type": "xsd:string"
        }
      }
    },
    "ResultDescription": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#ResultDescription",
      "@context": {
        "allowedValue": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#allowedValue",
          "@type": "xsd:string",
          "@container": "@set"
        },
        "requiredLevel": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#requiredLevel",
          "@type": "xsd:anyURI"
        },
        "requiredValue": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#requiredValue",
          "@type": "xsd:string"
        },
        "resultType": {
          "@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#resultType",
          "@type": "xsd:string"
        },
        "rubricCriterionLevel": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#rubricCriterionLevel",
          "@container": "@set"
        },
        "valueMax": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#valueMax",
          "@type": "xsd:string"
        },
        "valueMin": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#valueMin",
          "@type": "xsd:string"
        }
      }
    },
    "RubricCriterionLevel": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#RubricCriterionLevel",
      "@context": {
        "level": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#level",
          "@type": "xsd:string"
        },
        "points": {
          "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#points",
          "@type": "xsd:string"
        }
      }
    },
    "alignment": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#alignment",
      "@container": "@set"
    },
    "awardedDate": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#awardedDate",
      "@type": "xsd:dateTime"
    },
    "description": {
      "@id": "https://schema.org/description",
      "@type": "xsd:string"
    },
    "endorsement": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#endorsement",
      "@container": "@set"
    },
    "image": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#image",
      "@type": "@id"
    },
    "name": {
      "@id": "https://schema.org/name",
      "@type": "xsd:string"
    },
    "narrative": {
      "@id": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#narrative",
      "@type": "xsd:string"
    },
    "url": {
      "@id": "https://schema.org/url",
      "@type": "xsd:anyURI"
    }
  }
}
`},{url:"https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",sha256:"146f85aa16effd7ca1da8056eb443f53ce1eca8a34186cb062832c0a97d889c3",text:`{
    "@context": {
        "id": "@id",
        "type": "@type",
        "1EdTechJsonSchemaValidator2019": "https://purl.imsglobal.org/spec/vccs/v1p0/context.json#1EdTechJsonSchemaValidator2019",
        "1EdTechRevocationList": "https://purl.imsglobal.org/spec/vcrl/v1p0/context.json#1EdTechRevocationList",
        "1EdTechCredentialRefresh": "https://purl.imsglobal.org/spec/vccr/v1p0/context.json#1EdTechCredentialRefresh"
    }
}`},{url:"https://w3id.org/security/data-integrity/v2",sha256:"67f21e6e33a6c14e5ccfd2fc7865f7474fb71a04af7e94136cb399dfac8ae8f4",text:`{
  "@context": {
    "id": "@id",
    "type": "@type",
    "@protected": true,
    "proof": {
      "@id": "https://w3id.org/security#proof",
      "@type": "@id",
      "@container": "@graph"
    },
    "DataIntegrityProof": {
      "@id": "https://w3id.org/security#DataIntegrityProof",
      "@context": {
        "@protected": true,
        "id": "@id",
        "type": "@type",
        "challenge": "https://w3id.org/security#challenge",
        "created": {
          "@id": "http://purl.org/dc/terms/created",
          "@type": "http://www.w3.org/2001/XMLSchema#dateTime"
        },
        "domain": "https://w3id.org/security#domain",
        "expires": {
          "@id": "https://w3id.org/security#expiration",
          "@type": "http://www.w3.org/2001/XMLSchema#dateTime"
        },
        "nonce": "https://w3id.org/security#nonce",
        "previousProof": {
          "@id": "https://w3id.org/security#previousProof",
          "@type": "@id"
        },
        "proofPurpose": {
          "@id": "https://w3id.org/security#proofPurpose",
          "@type": "@vocab",
          "@context": {
            "@protected": true,
            "id": "@id",
            "type": "@type",
            "assertionMethod": {
              "@id": "https://w3id.org/security#assertionMethod",
              "@type": "@id",
              "@container": "@set"
            },
            "authentication": {
              "@id": "https://w3id.org/security#authenticationMethod",
              "@type": "@id",
              "@container": "@set"
            },
            "capabilityInvocation": {
              "@id": "https://w3id.org/security#capabilityInvocationMethod",
              "@type": "@id",
              "@container": "@set"
            },
            "capabilityDelegation": {
              "@id": "https://w3id.org/security#capabilityDelegationMethod",
              "@type": "@id",
              "@container": "@set"
            },
            "keyAgreement": {
              "@id": "https://w3id.org/security#keyAgreementMethod",
              "@type": "@id",
              "@container": "@set"
            }
          }
        },
        "cryptosuite": {
          "@id": "https://w3id.org/security#cryptosuite",
          "@type": "https://w3id.org/security#cryptosuiteString"
        },
        "proofValue": {
          "@id": "https://w3id.org/security#proofValue",
          "@type": "https://w3id.org/security#multibase"
        },
        "verificationMethod": {
          "@id": "https://w3id.org/security#verificationMethod",
          "@type": "@id"
        }
      }
    }
  }
}`},{url:"https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json",sha256:"880f1902d4158f2f33ce06af41b90719977cd1ea337a9de2e41edb3ff5e543d6",text:`{
  "@context": {
    "id": "@id",
    "type": "@type",
    "ClrCredential": {
      "@id": "https://purl.imsglobal.org/spec/vc/clr/vocab.html#ClrCredential",
      "@context": {
        "id": "@id",
        "type": "@type",
        "partial": {
          "@id": "https://purl.imsglobal.org/spec/vc/clr/vocab.html#partial",
          "@type": "xsd:boolean"
        }
      }
    },
    "ClrSubject": {
      "@id": "https://purl.imsglobal.org/spec/vc/clr/vocab.html#ClrSubject",
      "@context": {
        "id": "@id",
        "type": "@type",
        "cred": "https://www.w3.org/2018/credentials#",
        "obi": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#",
        "achievement": {
          "@id": "https://purl.imsglobal.org/spec/vc/clr/vocab.html#achievement",
          "@type": "obi:Achievement",
          "@container": "@set"
        },
        "association": {
          "@id": "https://purl.imsglobal.org/spec/vc/clr/vocab.html#association",
          "@type": "https://purl.imsglobal.org/spec/vc/clr/vocab.html#Association",
          "@container": "@set"
        },
        "verifiableCredential": {
          "@id": "https://purl.imsglobal.org/spec/vc/clr/vocab.html#verifiableCredential",
          "@type": "cred:verifiableCredential",
          "@container": "@set"
        },
        "identifier": {
          "@id": "https://purl.imsglobal.org/spec/vc/clr/vocab.html#identifier-1",
          "@type": "obi:Identifier",
          "@container": "@set"
        }
      }
    },
    "Association": {
      "@id": "https://purl.imsglobal.org/spec/vc/clr/vocab.html#Association",
      "@context": {
        "associationType": {
          "@id": "https://purl.imsglobal.org/spec/vc/clr/vocab.html#AssociationType"
        },
        "sourceId": {
          "@id": "https://purl.imsglobal.org/spec/vc/clr/vocab.html#sourceId",
          "@type": "xsd:anyURI"
        },
        "targetId": {
          "@id": "https://purl.imsglobal.org/spec/vc/clr/vocab.html#targetId",
          "@type": "xsd:anyURI"
        }
      }
    }
  }
}`}];var Et=async e=>new Uint8Array(await crypto.subtle.digest("SHA-256",e)),Jr=e=>Array.from(e,t=>t.toString(16).padStart(2,"0")).join("");function Hr(e,t){let n=new Uint8Array(e.length+t.length);return n.set(e),n.set(t,e.length),n}var Br=new Map(Ur.map(e=>[e.url,e])),Mn=new Map,ft=class extends Error{},Kt=e=>typeof e=="string"&&Br.has(e);async function Vr(e){let t=Br.get(e);if(!t)throw new ft(e);if(!Mn.has(e)){if(Jr(await Et(new TextEncoder().encode(t.text)))!==t.sha256)throw new ft(`${e} is not as it was published`);Mn.set(e,JSON.parse(t.text))}return{contextUrl:null,documentUrl:e,document:Mn.get(e)}}var Xr={};function Gr(e,t){if(typeof e!="string")throw new TypeError('"input" must be a string.');if(typeof t!="string")throw new TypeError('"alphabet" must be a string.');if(e.length===0)return new Uint8Array;let n=Xr[t];if(!n){n=Xr[t]=[];for(let i=0;i<t.length;++i)n[t.charCodeAt(i)]=i}e=e.replace(/\s/g,"");let r=t.length,o=t.charAt(0),s=[0];for(let i=0;i<e.length;i++){let a=n[e.charCodeAt(i)];if(a===void 0)return;let l=a;for(let c=0;c<s.length;++c)l+=s[c]*r,s[c]=l&255,l>>=8;for(;l>0;)s.push(l&255),l>>=8}for(let i=0;e[i]===o&&i<e.length-1;++i)s.push(0);return new Uint8Array(s.reverse())}var Co="123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";function Wt(e){return Gr(e,Co)}var ao=Lo(ro(),1);var zl=/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;var ie=e=>typeof e=="string"&&zl.test(e)?Date.parse(e):NaN;var ql=2e5,Cl=/^(?!-)[a-z0-9-]{1,63}(?<!-)$/,Zl=/^(?:[A-Za-z0-9._~-]|%[0-9A-Fa-f]{2})+$/;function xn(e){if(typeof e!="string"||!/^z[1-9A-HJ-NP-Za-km-z]{40,60}$/.test(e))return null;let t=Wt(e.slice(1));return t.length===34&&t[0]===237&&t[1]===1?t.slice(2):null}function Fl(e){let[,t,n,...r]=e.split(":"),[o,s,i]=decodeURIComponent(n??"").split(":"),a=o.split("."),l=o.length<254&&a.every(f=>Cl.test(f))&&!/^\d+$/.test(a.at(-1)),c=s===void 0||/^\d{1,5}$/.test(s)&&Number(s)>0&&Number(s)<65536,u=r.every(f=>Zl.test(f)&&f!=="."&&f!=="..");if(t!=="web"||!l||!c||!u||i!==void 0)throw new Error("not a did:web");let h=r.length?r.join("/"):".well-known";return`https://${o}${s===void 0?"":`:${s}`}/${h}/did.json`}async function io(e,t){if(e.startsWith("did:key:")){let o=e.slice(8);if(!xn(o))throw new Error("a key of another kind");let s={id:`${e}#${o}`,type:"Multikey",controller:e,publicKeyMultibase:o};return{id:e,verificationMethod:[s],assertionMethod:[s.id]}}let n=await ct(Fl(e),ql,{...t,accept:"application/did+json, application/json"}),r=JSON.parse(new TextDecoder("utf-8",{fatal:!0}).decode(n));if(r===null||typeof r!="object"||Array.isArray(r))throw new Error("not a DID document");return r}function so(e,t,n,r){let o=u=>typeof u=="string"&&u.startsWith("#")?t+u:u,s=u=>(Array.isArray(u)?u:[u]).filter(Boolean),i=s(e.assertionMethod),a=i.filter(u=>typeof u=="object");if(!i.some(u=>o(typeof u=="string"?u:u.id)===n))return null;let l=[...s(e.verificationMethod),...a].find(u=>o(u?.id)===n),c=["revoked","expires"].some(u=>l&&u in l&&!(ie(l[u])>r));return!l||l.controller!==t||c?null:["Multikey","Ed25519VerificationKey2020"].includes(l.type)?xn(l.publicKeyMultibase):null}var Ul=8,Jl={passed:0,could_not_check:1,failed:2},Ar=P("key_ownership","key.no_proof");async function Ot(e,t,n){let r=Oe(e),{found:o,problem:s}=await io(r,n).then(h=>({found:h,problem:""}),h=>({found:null,problem:h.message})),i=Hl(r,o,s),a=fe(e.proof).filter(Boolean);if(!a.length||a.length>Ul||!a.every(B))return[H("signature","proof.missing"),Ar,i];let l=[];for(let h of a)l.push(await Bl(e,h,r,o,s,t));let c=h=>h.reduce((f,d)=>f+Jl[d.outcome],0);return[...l.reduce((h,f)=>c(f)<c(h)?f:h),i]}var lt=e=>e.every(t=>t.outcome===pt);function Hl(e,t,n){return t?t.id===e?se("issuer","issuer.found",e):H("issuer","issuer.other_document"):P("issuer","issuer.unreachable",n)}async function Bl(e,t,n,r,o,s){if(t.type!=="DataIntegrityProof"||t.cryptosuite!=="eddsa-rdfc-2022")return[P("signature","proof.unsupported"),Ar];let i=t.verificationMethod,a="created"in t&&!(ie(t.created)<=s+12e4),l="expires"in t&&!(ie(t.expires)>s);if(t.proofPurpose!=="assertionMethod"||typeof i!="string"||!i.includes("#")||a||l)return[H("signature","proof.malformed"),Ar];let[c,u]=Vl(i,n,r,o,s);return[u?await Xl(e,t,u):P("signature","signature.no_key"),c]}function Vl(e,t,n,r,o){let[s,i]=e.split("#"),a=xn(i);if(s!==t)return[H("key_ownership","key.other_issuer",e),a];if(!n)return[P("key_ownership","key.issuer_unreachable",r),a];let l=n.id===s?so(n,s,e,o):null;return l?[se("key_ownership","key.published",e),l]:[H("key_ownership","key.not_published",e),a]}async function Xl(e,t,n){let{proof:r,...o}=e,{proofValue:s,...i}=t,a;try{let u=await oo({...i,"@context":e["@context"]});a=Hr(await Et(u),await Et(await oo(o)))}catch(u){return Gl(u)}if(typeof s!="string"||!/^z[1-9A-HJ-NP-Za-km-z]{60,100}$/.test(s))return H("signature","proof.malformed");let l;try{l=await crypto.subtle.importKey("raw",n,{name:"Ed25519"},!1,["verify"])}catch(u){return P("signature","signature.browser",u.message)}return await crypto.subtle.verify({name:"Ed25519"},l,Wt(s.slice(1)),a)?se("signature","signature.holds"):H("signature","signature.mismatch")}function Gl(e){for(let t=e;t;t=t.cause??t.details?.cause){if(t instanceof ft)return P("signature","contexts.unknown",t.message);if(t.details?.code==="invalid property"||t.name==="jsonld.ValidationError")return H("signature","signature.unsigned_terms",t.message)}return P("signature","signature.too_complex",e.message)}async function oo(e){let t=await ao.default.canonize(e,{algorithm:"RDFC-1.0",format:"application/n-quads",base:null,safe:!0,rdfDirection:"i18n-datatype",documentLoader:Vr});return new TextEncoder().encode(t)}var Kl=24e6,Wl=16*1024*1024,Ql=131072,Yl=4,lo={revocation:"status.revoked",suspension:"status.suspended"},co={failed:0,could_not_check:1,passed:2},Ce=class extends Error{};async function In(e,t,n){if(!("credentialStatus"in e))return se("status","status.none");let r=fe(e.credentialStatus);if(!r.length||r.length>Yl||!r.every(B))return P("status","status.unsupported");let o=[];for(let s of r)o.push(await ed(e,s,t,n));return o.reduce((s,i)=>co[i.outcome]<co[s.outcome]?i:s)}async function ed(e,t,n,r){let{statusListCredential:o,statusListIndex:s,statusPurpose:i}=t,a=typeof o=="string"&&typeof s=="string"&&/^(?:0|[1-9]\d{0,9})$/.test(s);if(!Y(t,"BitstringStatusListEntry")||(t.statusSize??1)!==1||!a||!lo[i])return P("status","status.unsupported");let l;try{l=await ct(o,Kl,{...r,accept:"application/vc+ld+json, application/json"})}catch(c){return P("status","status.not_fetched",c.message)}try{return await td(l,o,Oe(e),i,Number(s),n,r)?H("status",lo[i]):se("status","status.clear")}catch(c){return P("status","status.unreliable",c.message)}}async function td(e,t,n,r,o,s,i){let a=JSON.parse(new TextDecoder("utf-8",{fatal:!0}).decode(e)),l=B(a)?Gt(a):"not an object",c=a?.credentialSubject;if(l||!Y(a,"BitstringStatusListCredential")||a.id!==t||!Y(c,"BitstringStatusList"))throw new Ce(l||"not the list that was asked for");if(Oe(a)!==n)throw new Ce("another issuer's list");if(!fe(c.statusPurpose).includes(r))throw new Ce("a list about something else");if(!(ie(a.validFrom)<=s+12e4)||"validUntil"in a&&!(ie(a.validUntil)>s))throw new Ce("the list is out of date");if(!lt(await Ot(a,s,i)))throw new Ce("the list is not signed as it should be");return rd(await nd(c.encodedList),o)}async function nd(e){if(typeof e!="string"||!/^u[A-Za-z0-9_-]+$/.test(e))throw new Ce("the list cannot be decoded");let t=Uint8Array.from(atob(e.slice(1).replaceAll("-","+").replaceAll("_","/")),n=>n.charCodeAt(0));return Pn(new Blob([t]).stream().pipeThrough(new DecompressionStream("gzip")),Wl)}function rd(e,t){if(e.length*8<Ql||t>=e.length*8)throw new Ce("the list is too short");return(e[t>>3]&128>>(t&7))!==0}var id=20,sd=3,od=16,ad=["issuer","credentialSubject","achievement","creator","source","parentOrg"],ld={passed:"endorsements.hold",failed:"endorsements.invalid",could_not_check:"endorsements.undetermined"};async function uo(e,t,{fetch:n}){let r={lines:[],left:id,now:t,options:{fetch:pd(n)}};return await fo(e,1,r),r.lines}async function fo(e,t,n){let r=cd(e),o=new Set(r.map(s=>s.id).filter(s=>typeof s=="string"));for(let s of r)for(let i of["endorsement","endorsementJwt"])for(let a of fe(s[i]??[])){if(n.left<=0||t>sd){n.lines.push(po(Fe,"more than is looked at"));return}n.left-=1;let[l,c]=B(a)?await dd(a,o,n):[Fe,"a token"];n.lines.push(po(l,c,a)),B(a)&&await fo(a,t+1,n)}}async function dd(e,t,{now:n,options:r}){let o=Fr(e);if(o||!t.has(e.credentialSubject.id))return[ut,o||"it endorses something else"];let s=ie(e.validFrom),i="validUntil"in e?ie(e.validUntil):1/0;if(!(s<=n+12e4)||!(i>n))return[ut,"not valid at this time"];let a=await Ot(e,n,r);lt(a)&&a.push(await In(e,n,r)),e["@context"].every(Kt)||a.push(P("contexts","contexts.unknown"));let l=[ut,Fe].flatMap(c=>a.filter(u=>u.outcome===c))[0];return l?[l.outcome,l.reason]:[pt,""]}function po(e,t,n){let r=B(n?.issuer)&&typeof n.issuer.name=="string"?n.issuer.name:"",o=e===pt?r||Oe(n):"";return{...Nt("endorsements",e,ld[e],t),bearing:Ln,who:o}}function cd(e){let t=[e];for(let n of t)for(let r of ad)t.push(...fe(n[r]??[]).filter(B));return t}function pd(e){let t=new Map;return async(n,r)=>{if(!t.has(n)){if(t.size>=od)throw new Error("more addresses than are asked");t.set(n,e(n,r))}return(await t.get(n)).clone()}}function jt(e,t){let n=typeof e;if(n!==typeof t)return!1;let r=Array.isArray(e),o=Array.isArray(t);if(r!==o)return!1;if(r){let s=e.length;if(s!==t.length)return!1;for(let i=0;i<s;i++)if(!jt(e[i],t[i]))return!1;return!0}if(n==="object"){if(!e||!t)return e===t;let s=Object.keys(e),i=Object.keys(t);if(s.length!==i.length)return!1;for(let l of s)if(!Object.prototype.hasOwnProperty.call(t,l)||!jt(e[l],t[l]))return!1;return!0}return e===t}function ue(e){return encodeURI(ud(e)).replace(/#/g,"%23")}function ud(e){return e.replace(/~/g,"~0").replace(/\//g,"~1")}var fd=/^[A-Za-z0-9._~!$&'()*+,;=:@/?-]$/,hd=/^%[0-9A-Fa-f]{2}$/,gd=/^[A-Za-z0-9._~-]$/;function md(e){let t="";for(let n=0;n<e.length;){let r=e[n],o=e.slice(n,n+3);if(r==="%"&&hd.test(o)){let i=String.fromCharCode(parseInt(o.slice(1),16));t+=gd.test(i)?i:o.toUpperCase(),n+=3;continue}let s=String.fromCodePoint(e.codePointAt(n));t+=fd.test(s)?s:encodeURIComponent(s),n+=s.length}return t}function On(e,t){let n=new URL(e,t.href);return n.hash=n.hash?md(n.hash.slice(1)):"",n}var yd={prefixItems:!0,items:!0,allOf:!0,anyOf:!0,oneOf:!0},bd={$defs:!0,definitions:!0,properties:!0,patternProperties:!0,dependentSchemas:!0},vd={id:!0,$id:!0,$ref:!0,$schema:!0,$anchor:!0,$vocabulary:!0,$comment:!0,default:!0,enum:!0,const:!0,required:!0,dependentRequired:!0,type:!0,maximum:!0,minimum:!0,exclusiveMaximum:!0,exclusiveMinimum:!0,multipleOf:!0,maxLength:!0,minLength:!0,pattern:!0,format:!0,maxItems:!0,minItems:!0,uniqueItems:!0,maxProperties:!0,minProperties:!0},wd=typeof self<"u"&&self.location&&self.location.origin!=="null"?new URL(self.location.origin+self.location.pathname+location.search):new URL("https://github.com/cfworker");function Ze(e,t=Object.create(null),n=wd,r=""){if(e&&typeof e=="object"&&!Array.isArray(e)){let s=e.$id||e.id;if(s){let i=On(s,n);i.hash.length>1?t[i.href]=e:(i.hash="",r===""?n=i:Ze(e,t,n))}}else if(e!==!0&&e!==!1)return t;let o=n.href+(r?"#"+r:"");if(t[o]!==void 0&&t[o]!==e)throw new Error(`Duplicate schema URI "${o}".`);if(t[o]=e,e===!0||e===!1)return t;if(e.__absolute_uri__===void 0&&Object.defineProperty(e,"__absolute_uri__",{enumerable:!1,value:o}),e.$ref&&e.__absolute_ref__===void 0){let s=On(e.$ref,n);Object.defineProperty(e,"__absolute_ref__",{enumerable:!1,value:s.href})}if(e.$recursiveRef&&e.__absolute_recursive_ref__===void 0){let s=On(e.$recursiveRef,n);Object.defineProperty(e,"__absolute_recursive_ref__",{enumerable:!1,value:s.href})}if(e.$anchor){let s=On("#"+e.$anchor,n);t[s.href]=e}for(let s in e){if(vd[s])continue;let i=`${r}/${ue(s)}`,a=e[s];if(Array.isArray(a)){if(yd[s]){let l=a.length;for(let c=0;c<l;c++)Ze(a[c],t,n,`${i}/${c}`)}}else if(bd[s])for(let l in a)Ze(a[l],t,n,`${i}/${ue(l)}`);else Ze(a,t,n,i)}return t}var xd=/^(\d\d\d\d)-(\d\d)-(\d\d)$/,Id=[0,31,28,31,30,31,30,31,31,30,31,30,31],Od=/^(\d\d):(\d\d):(\d\d)(\.\d+)?(z|([+-])(\d\d):(\d\d))?$/i,ho=/^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[-0-9a-z]{0,61}[0-9a-z])?)*$/i,jd=/^(?:[a-z][a-z0-9+\-.]*:)?(?:\/?\/(?:(?:[a-z0-9\-._~!$&'()*+,;=:]|%[0-9a-f]{2})*@)?(?:\[(?:(?:(?:(?:[0-9a-f]{1,4}:){6}|::(?:[0-9a-f]{1,4}:){5}|(?:[0-9a-f]{1,4})?::(?:[0-9a-f]{1,4}:){4}|(?:(?:[0-9a-f]{1,4}:){0,1}[0-9a-f]{1,4})?::(?:[0-9a-f]{1,4}:){3}|(?:(?:[0-9a-f]{1,4}:){0,2}[0-9a-f]{1,4})?::(?:[0-9a-f]{1,4}:){2}|(?:(?:[0-9a-f]{1,4}:){0,3}[0-9a-f]{1,4})?::[0-9a-f]{1,4}:|(?:(?:[0-9a-f]{1,4}:){0,4}[0-9a-f]{1,4})?::)(?:[0-9a-f]{1,4}:[0-9a-f]{1,4}|(?:(?:25[0-5]|2[0-4]\d|[01]?\d\d?)\.){3}(?:25[0-5]|2[0-4]\d|[01]?\d\d?))|(?:(?:[0-9a-f]{1,4}:){0,5}[0-9a-f]{1,4})?::[0-9a-f]{1,4}|(?:(?:[0-9a-f]{1,4}:){0,6}[0-9a-f]{1,4})?::)|[Vv][0-9a-f]+\.[a-z0-9\-._~!$&'()*+,;=:]+)\]|(?:(?:25[0-5]|2[0-4]\d|[01]?\d\d?)\.){3}(?:25[0-5]|2[0-4]\d|[01]?\d\d?)|(?:[a-z0-9\-._~!$&'"()*+,;=]|%[0-9a-f]{2})*)(?::\d*)?(?:\/(?:[a-z0-9\-._~!$&'"()*+,;=:@]|%[0-9a-f]{2})*)*|\/(?:(?:[a-z0-9\-._~!$&'"()*+,;=:@]|%[0-9a-f]{2})+(?:\/(?:[a-z0-9\-._~!$&'"()*+,;=:@]|%[0-9a-f]{2})*)*)?|(?:[a-z0-9\-._~!$&'"()*+,;=:@]|%[0-9a-f]{2})+(?:\/(?:[a-z0-9\-._~!$&'"()*+,;=:@]|%[0-9a-f]{2})*)*)?(?:\?(?:[a-z0-9\-._~!$&'"()*+,;=:@/?]|%[0-9a-f]{2})*)?(?:#(?:[a-z0-9\-._~!$&'"()*+,;=:@/?]|%[0-9a-f]{2})*)?$/i,Ad=/^(?:(?:[^\x00-\x20\x7f"<>%\\^`{|}]|%[0-9a-f]{2})|\{[+#./;?&=,!@|]?(?:[a-z0-9_]|%[0-9a-f]{2})+(?:\.(?:[a-z0-9_]|%[0-9a-f]{2})+)*(?::[1-9][0-9]{0,3}|\*)?(?:,(?:[a-z0-9_]|%[0-9a-f]{2})+(?:\.(?:[a-z0-9_]|%[0-9a-f]{2})+)*(?::[1-9][0-9]{0,3}|\*)?)*\})*$/i,Sd=/^(?:(?:https?|ftp):\/\/)(?:\S+(?::\S*)?@)?(?:(?!10(?:\.\d{1,3}){3})(?!127(?:\.\d{1,3}){3})(?!169\.254(?:\.\d{1,3}){2})(?!192\.168(?:\.\d{1,3}){2})(?!172\.(?:1[6-9]|2\d|3[0-1])(?:\.\d{1,3}){2})(?:[1-9]\d?|1\d\d|2[01]\d|22[0-3])(?:\.(?:1?\d{1,2}|2[0-4]\d|25[0-5])){2}(?:\.(?:[1-9]\d?|1\d\d|2[0-4]\d|25[0-4]))|(?:(?:[a-z\u{00a1}-\u{ffff}0-9]+-?)*[a-z\u{00a1}-\u{ffff}0-9]+)(?:\.(?:[a-z\u{00a1}-\u{ffff}0-9]+-?)*[a-z\u{00a1}-\u{ffff}0-9]+)*(?:\.(?:[a-z\u{00a1}-\u{ffff}]{2,})))(?::\d{2,5})?(?:\/[^\s]*)?$/iu,$d=/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i,Nd=/^(?:\/(?:[^~/]|~0|~1)*)*$/,Ed=/^#(?:\/(?:[a-z0-9_\-.!$&'()*+,;:=@]|%[0-9a-f]{2}|~0|~1)*)*$/i,_d=/^(?:0|[1-9][0-9]*)(?:#|(?:\/(?:[^~/]|~0|~1)*)*)$/,Dd=/^("(?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\[\x20-\x7e])*"|[a-z0-9.!#$%&'*+/=?^_`{|}~-]+)@(.+)$/i,kd=e=>{let t=e.match(Dd);if(!t)return!1;let n=t[1],r=t[2];if(!n||!r||n.length>64||r.length>253||n[0]!=='"'&&(n[0]==="."||n.endsWith(".")||n.includes("..")))return!1;if(r.startsWith("[")&&r.endsWith("]")){let o=r.slice(1,-1);return/^ipv6:/i.test(o)?mo.test(o.slice(5)):go.test(o)}return ho.test(r)},go=/^(?:(?:25[0-5]|2[0-4]\d|[01]?\d\d?)\.){3}(?:25[0-5]|2[0-4]\d|[01]?\d\d?)$/,mo=/^((([0-9a-f]{1,4}:){7}([0-9a-f]{1,4}|:))|(([0-9a-f]{1,4}:){6}(:[0-9a-f]{1,4}|((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3})|:))|(([0-9a-f]{1,4}:){5}(((:[0-9a-f]{1,4}){1,2})|:((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3})|:))|(([0-9a-f]{1,4}:){4}(((:[0-9a-f]{1,4}){1,3})|((:[0-9a-f]{1,4})?:((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}))|:))|(([0-9a-f]{1,4}:){3}(((:[0-9a-f]{1,4}){1,4})|((:[0-9a-f]{1,4}){0,2}:((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}))|:))|(([0-9a-f]{1,4}:){2}(((:[0-9a-f]{1,4}){1,5})|((:[0-9a-f]{1,4}){0,3}:((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}))|:))|(([0-9a-f]{1,4}:){1}(((:[0-9a-f]{1,4}){1,6})|((:[0-9a-f]{1,4}){0,4}:((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}))|:))|(:(((:[0-9a-f]{1,4}){1,7})|((:[0-9a-f]{1,4}){0,5}:((25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}))|:)))$/i,Rd=e=>/^P(?:\d+W|(?:(?:\d+Y(?:\d+M(?:\d+D)?)?|\d+M(?:\d+D)?|\d+D)(?:T(?:\d+H(?:\d+M(?:\d+S)?)?|\d+M(?:\d+S)?|\d+S))?|T(?:\d+H(?:\d+M(?:\d+S)?)?|\d+M(?:\d+S)?|\d+S)))$/.test(e);function Ne(e){return e.test.bind(e)}var Sr={date:yo,time:bo.bind(void 0,!0),"date-time":Td,duration:Rd,uri:qd,"uri-reference":Ne(jd),"uri-template":Ne(Ad),url:Ne(Sd),email:kd,hostname:Ne(ho),ipv4:Ne(go),ipv6:Ne(mo),regex:Zd,uuid:Ne($d),"json-pointer":Ne(Nd),"json-pointer-uri-fragment":Ne(Ed),"relative-json-pointer":Ne(_d)};function Pd(e){return e%4===0&&(e%100!==0||e%400===0)}function yo(e){let t=e.match(xd);if(!t)return!1;let n=t[1],r=t[2],o=t[3];if(!n||!r||!o)return!1;let s=+n,i=+r,a=+o,l=i==2&&Pd(s)?29:Id[i];return i>=1&&i<=12&&a>=1&&l!==void 0&&a<=l}function bo(e,t){let n=t.match(Od);if(!n)return!1;let r=n[1],o=n[2],s=n[3];if(!r||!o||!s)return!1;let i=+r,a=+o,l=+s,c=n[5],u=n[6],h=+(n[7]??0),f=+(n[8]??0);if(i>23||a>59||l>60||h>23||f>59||e&&c===void 0)return!1;if(l<60)return!0;let d=u==="+"?1:u==="-"?-1:0;return(i*60+a-d*(h*60+f)+1440)%1440===1439}var Ld=/t|\s/i;function Td(e){let[t,n,r]=e.split(Ld);return t!==void 0&&n!==void 0&&r===void 0&&yo(t)&&bo(!0,n)}var Md=/\/|:/,zd=/^(?:[a-z][a-z0-9+\-.]*:)(?:\/?\/(?:(?:[a-z0-9\-._~!$&'()*+,;=:]|%[0-9a-f]{2})*@)?(?:\[(?:(?:(?:(?:[0-9a-f]{1,4}:){6}|::(?:[0-9a-f]{1,4}:){5}|(?:[0-9a-f]{1,4})?::(?:[0-9a-f]{1,4}:){4}|(?:(?:[0-9a-f]{1,4}:){0,1}[0-9a-f]{1,4})?::(?:[0-9a-f]{1,4}:){3}|(?:(?:[0-9a-f]{1,4}:){0,2}[0-9a-f]{1,4})?::(?:[0-9a-f]{1,4}:){2}|(?:(?:[0-9a-f]{1,4}:){0,3}[0-9a-f]{1,4})?::[0-9a-f]{1,4}:|(?:(?:[0-9a-f]{1,4}:){0,4}[0-9a-f]{1,4})?::)(?:[0-9a-f]{1,4}:[0-9a-f]{1,4}|(?:(?:25[0-5]|2[0-4]\d|[01]?\d\d?)\.){3}(?:25[0-5]|2[0-4]\d|[01]?\d\d?))|(?:(?:[0-9a-f]{1,4}:){0,5}[0-9a-f]{1,4})?::[0-9a-f]{1,4}|(?:(?:[0-9a-f]{1,4}:){0,6}[0-9a-f]{1,4})?::)|[Vv][0-9a-f]+\.[a-z0-9\-._~!$&'()*+,;=:]+)\]|(?:(?:25[0-5]|2[0-4]\d|[01]?\d\d?)\.){3}(?:25[0-5]|2[0-4]\d|[01]?\d\d?)|(?:[a-z0-9\-._~!$&'()*+,;=]|%[0-9a-f]{2})*)(?::\d*)?(?:\/(?:[a-z0-9\-._~!$&'()*+,;=:@]|%[0-9a-f]{2})*)*|\/(?:(?:[a-z0-9\-._~!$&'()*+,;=:@]|%[0-9a-f]{2})+(?:\/(?:[a-z0-9\-._~!$&'()*+,;=:@]|%[0-9a-f]{2})*)*)?|(?:[a-z0-9\-._~!$&'()*+,;=:@]|%[0-9a-f]{2})+(?:\/(?:[a-z0-9\-._~!$&'()*+,;=:@]|%[0-9a-f]{2})*)*)(?:\?(?:[a-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9a-f]{2})*)?(?:#(?:[a-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9a-f]{2})*)?$/i;function qd(e){return Md.test(e)&&zd.test(e)}var Cd=/[^\\]\\Z/;function Zd(e){if(Cd.test(e))return!1;try{return new RegExp(e,"u"),!0}catch{return!1}}function vo(e){let t=0,n=e.length,r=0,o;for(;r<n;)t++,o=e.charCodeAt(r++),o>=55296&&o<=56319&&r<n&&(o=e.charCodeAt(r),(o&64512)==56320&&r++);return t}function dt(e,t){return Object.prototype.hasOwnProperty.call(e,t)}function wo(e){let t=Math.abs(e).toString().split("e"),n=t[0],r=t[1]??"0",o=n.indexOf("."),s=o===-1?0:n.length-o-1;return[BigInt(n.replace(".","")),Number(r)-s]}function Fd(e,t){if(!Number.isFinite(e)||!Number.isFinite(t)||t<=0)return!1;let[n,r]=wo(e),[o,s]=wo(t),i=r-s;return i>=0?n*10n**BigInt(i)%o===0n:n%(o*10n**BigInt(-i))===0n}function F(e,t,n="2019-09",r=Ze(t),o=!0,s=null,i="#",a="#",l=Object.create(null)){if(t===!0)return{valid:!0,errors:[]};if(t===!1)return{valid:!1,errors:[{instanceLocation:i,keyword:"false",keywordLocation:i,error:"False boolean schema."}]};let c=typeof e,u;switch(c){case"boolean":case"number":case"string":u=c;break;case"object":e===null?u="null":Array.isArray(e)?u="array":u="object";break;default:throw new Error(`Instances of "${c}" type are not supported.`)}let{$ref:h,$recursiveRef:f,$recursiveAnchor:d,type:p,const:m,enum:g,required:y,not:v,anyOf:x,allOf:b,oneOf:A,if:w,then:U,else:M,format:C,properties:Ee,patternProperties:Ke,additionalProperties:Nr,unevaluatedProperties:Er,minProperties:An,maxProperties:Sn,propertyNames:_r,dependentRequired:$n,dependentSchemas:Dr,dependencies:Nn,prefixItems:En,items:At,additionalItems:kr,unevaluatedItems:Rr,contains:Pr,minContains:_e,maxContains:_n,minItems:Dn,maxItems:kn,uniqueItems:$o,minimum:We,maximum:Qe,exclusiveMinimum:St,exclusiveMaximum:$t,multipleOf:Rn,minLength:Ht,maxLength:Bt,pattern:Lr,__absolute_ref__:Vt,__absolute_recursive_ref__:No}=t,O=[];if(d===!0&&s===null&&(s=t),f==="#"){let _=s===null?r[No]:s,S=`${a}/$recursiveRef`,D=F(e,s===null?t:s,n,r,o,_,i,S,l);D.valid||O.push({instanceLocation:i,keyword:"$recursiveRef",keywordLocation:S,error:"A subschema had errors."},...D.errors)}if(h!==void 0){let S=r[Vt||h];if(S===void 0){let I=`Unresolved $ref "${h}".`;throw Vt&&Vt!==h&&(I+=`  Absolute URI "${Vt}".`),I+=`
Known schemas:
- ${Object.keys(r).join(`
- `)}`,new Error(I)}let D=`${a}/$ref`,j=F(e,S,n,r,o,s,i,D,l);if(j.valid||O.push({instanceLocation:i,keyword:"$ref",keywordLocation:D,error:"A subschema had errors."},...j.errors),n==="4"||n==="7")return{valid:O.length===0,errors:O}}if(Array.isArray(p)){let _=p.length,S=!1;for(let D=0;D<_;D++)if(u===p[D]||p[D]==="integer"&&u==="number"&&e%1===0&&e===e){S=!0;break}S||O.push({instanceLocation:i,keyword:"type",keywordLocation:`${a}/type`,error:`Instance type "${u}" is invalid. Expected "${p.join('", "')}".`})}else p==="integer"?(u!=="number"||e%1||e!==e)&&O.push({instanceLocation:i,keyword:"type",keywordLocation:`${a}/type`,error:`Instance type "${u}" is invalid. Expected "${p}".`}):p!==void 0&&u!==p&&O.push({instanceLocation:i,keyword:"type",keywordLocation:`${a}/type`,error:`Instance type "${u}" is invalid. Expected "${p}".`});if(m!==void 0&&(u==="object"||u==="array"?jt(e,m)||O.push({instanceLocation:i,keyword:"const",keywordLocation:`${a}/const`,error:`Instance does not match ${JSON.stringify(m)}.`}):e!==m&&O.push({instanceLocation:i,keyword:"const",keywordLocation:`${a}/const`,error:`Instance does not match ${JSON.stringify(m)}.`})),g!==void 0&&(u==="object"||u==="array"?g.some(_=>jt(e,_))||O.push({instanceLocation:i,keyword:"enum",keywordLocation:`${a}/enum`,error:`Instance does not match any of ${JSON.stringify(g)}.`}):g.some(_=>e===_)||O.push({instanceLocation:i,keyword:"enum",keywordLocation:`${a}/enum`,error:`Instance does not match any of ${JSON.stringify(g)}.`})),v!==void 0){let _=`${a}/not`;F(e,v,n,r,o,s,i,_).valid&&O.push({instanceLocation:i,keyword:"not",keywordLocation:_,error:'Instance matched "not" schema.'})}let Xt=[];if(x!==void 0){let _=`${a}/anyOf`,S=O.length,D=!1;for(let[j,I]of x.entries()){let E=Object.create(l),N=F(e,I,n,r,o,d===!0?s:null,i,`${_}/${j}`,E);O.push(...N.errors),D=D||N.valid,N.valid&&Xt.push(E)}D?O.length=S:O.splice(S,0,{instanceLocation:i,keyword:"anyOf",keywordLocation:_,error:"Instance does not match any subschemas."})}if(b!==void 0){let _=`${a}/allOf`,S=O.length,D=!0;for(let[j,I]of b.entries()){let E=Object.create(l),N=F(e,I,n,r,o,d===!0?s:null,i,`${_}/${j}`,E);O.push(...N.errors),D=D&&N.valid,N.valid&&Xt.push(E)}D?O.length=S:O.splice(S,0,{instanceLocation:i,keyword:"allOf",keywordLocation:_,error:"Instance does not match every subschema."})}if(A!==void 0){let _=`${a}/oneOf`,S=O.length,D=A.filter((j,I)=>{let E=Object.create(l),N=F(e,j,n,r,o,d===!0?s:null,i,`${_}/${I}`,E);return O.push(...N.errors),N.valid&&Xt.push(E),N.valid}).length;D===1?O.length=S:O.splice(S,0,{instanceLocation:i,keyword:"oneOf",keywordLocation:_,error:`Instance does not match exactly one subschema (${D} matches).`})}if((u==="object"||u==="array")&&Object.assign(l,...Xt),w!==void 0){let _=`${a}/if`,S=Object.create(null);if(F(e,w,n,r,o,s,i,_,S).valid){if(Object.assign(l,S),U!==void 0){let j=F(e,U,n,r,o,s,i,`${a}/then`,l);j.valid||O.push({instanceLocation:i,keyword:"if",keywordLocation:_,error:'Instance does not match "then" schema.'},...j.errors)}}else if(M!==void 0){let j=F(e,M,n,r,o,s,i,`${a}/else`,l);j.valid||O.push({instanceLocation:i,keyword:"if",keywordLocation:_,error:'Instance does not match "else" schema.'},...j.errors)}}if(u==="object"){if(y!==void 0)for(let j of y)dt(e,j)||O.push({instanceLocation:i,keyword:"required",keywordLocation:`${a}/required`,error:`Instance does not have required property "${j}".`});let _=Object.keys(e);if(An!==void 0&&_.length<An&&O.push({instanceLocation:i,keyword:"minProperties",keywordLocation:`${a}/minProperties`,error:`Instance does not have at least ${An} properties.`}),Sn!==void 0&&_.length>Sn&&O.push({instanceLocation:i,keyword:"maxProperties",keywordLocation:`${a}/maxProperties`,error:`Instance does not have at least ${Sn} properties.`}),_r!==void 0){let j=`${a}/propertyNames`;for(let I in e){let E=`${i}/${ue(I)}`,N=F(I,_r,n,r,o,s,E,j);N.valid||O.push({instanceLocation:i,keyword:"propertyNames",keywordLocation:j,error:`Property name "${I}" does not match schema.`},...N.errors)}}if($n!==void 0){let j=`${a}/dependantRequired`;for(let I in $n)if(dt(e,I)){let E=$n[I];for(let N of E)dt(e,N)||O.push({instanceLocation:i,keyword:"dependentRequired",keywordLocation:j,error:`Instance has "${I}" but does not have "${N}".`})}}if(Dr!==void 0)for(let[j,I]of Object.entries(Dr)){let E=`${a}/dependentSchemas`;if(dt(e,j)){let N=F(e,I,n,r,o,s,i,`${E}/${ue(j)}`,l);N.valid||O.push({instanceLocation:i,keyword:"dependentSchemas",keywordLocation:E,error:`Instance has "${j}" but does not match dependant schema.`},...N.errors)}}if(Nn!==void 0){let j=`${a}/dependencies`;for(let I in Nn)if(dt(e,I)){let E=Nn[I];if(Array.isArray(E))for(let N of E)dt(e,N)||O.push({instanceLocation:i,keyword:"dependencies",keywordLocation:j,error:`Instance has "${I}" but does not have "${N}".`});else{let N=F(e,E,n,r,o,s,i,`${j}/${ue(I)}`);N.valid||O.push({instanceLocation:i,keyword:"dependencies",keywordLocation:j,error:`Instance has "${I}" but does not match dependant schema.`},...N.errors)}}}let S=Object.create(null),D=!1;if(Ee!==void 0){let j=`${a}/properties`;for(let[I,E]of Object.entries(Ee)){if(!dt(e,I))continue;let N=`${i}/${ue(I)}`,G=F(e[I],E,n,r,o,s,N,`${j}/${ue(I)}`);if(S[I]=!0,G.valid)l[I]=!0;else if(D=o,O.push({instanceLocation:i,keyword:"properties",keywordLocation:j,error:`Property "${I}" does not match schema.`},...G.errors),D)break}}if(!D&&Ke!==void 0){let j=`${a}/patternProperties`;for(let[I,E]of Object.entries(Ke)){let N=new RegExp(I,"u");for(let G in e){if(!N.test(G))continue;let Tr=`${i}/${ue(G)}`,Mr=F(e[G],E,n,r,o,s,Tr,`${j}/${ue(I)}`);S[G]=!0,Mr.valid?l[G]=!0:(D=o,O.push({instanceLocation:i,keyword:"patternProperties",keywordLocation:j,error:`Property "${G}" matches pattern "${I}" but does not match associated schema.`},...Mr.errors))}}}if(!D&&Nr!==void 0){let j=`${a}/additionalProperties`;for(let I in e){if(S[I])continue;let E=`${i}/${ue(I)}`,N=F(e[I],Nr,n,r,o,s,E,j);N.valid?l[I]=!0:(D=o,O.push({instanceLocation:i,keyword:"additionalProperties",keywordLocation:j,error:`Property "${I}" does not match additional properties schema.`},...N.errors))}}else if(!D&&Er!==void 0){let j=`${a}/unevaluatedProperties`;for(let I in e)if(!l[I]){let E=`${i}/${ue(I)}`,N=F(e[I],Er,n,r,o,s,E,j);N.valid?l[I]=!0:O.push({instanceLocation:i,keyword:"unevaluatedProperties",keywordLocation:j,error:`Property "${I}" does not match unevaluated properties schema.`},...N.errors)}}}else if(u==="array"){kn!==void 0&&e.length>kn&&O.push({instanceLocation:i,keyword:"maxItems",keywordLocation:`${a}/maxItems`,error:`Array has too many items (${e.length} > ${kn}).`}),Dn!==void 0&&e.length<Dn&&O.push({instanceLocation:i,keyword:"minItems",keywordLocation:`${a}/minItems`,error:`Array has too few items (${e.length} < ${Dn}).`});let _=e.length,S=0,D=!1;if(En!==void 0){let j=`${a}/prefixItems`,I=Math.min(En.length,_);for(;S<I;S++){let E=F(e[S],En[S],n,r,o,s,`${i}/${S}`,`${j}/${S}`);if(l[S]=!0,!E.valid&&(D=o,O.push({instanceLocation:i,keyword:"prefixItems",keywordLocation:j,error:"Items did not match schema."},...E.errors),D))break}}if(At!==void 0){let j=`${a}/items`;if(Array.isArray(At)){let I=Math.min(At.length,_);for(;S<I;S++){let E=F(e[S],At[S],n,r,o,s,`${i}/${S}`,`${j}/${S}`);if(l[S]=!0,!E.valid&&(D=o,O.push({instanceLocation:i,keyword:"items",keywordLocation:j,error:"Items did not match schema."},...E.errors),D))break}}else for(;S<_;S++){let I=F(e[S],At,n,r,o,s,`${i}/${S}`,j);if(l[S]=!0,!I.valid&&(D=o,O.push({instanceLocation:i,keyword:"items",keywordLocation:j,error:"Items did not match schema."},...I.errors),D))break}if(!D&&kr!==void 0){let I=`${a}/additionalItems`;for(;S<_;S++){let E=F(e[S],kr,n,r,o,s,`${i}/${S}`,I);l[S]=!0,E.valid||(D=o,O.push({instanceLocation:i,keyword:"additionalItems",keywordLocation:I,error:"Items did not match additional items schema."},...E.errors))}}}if(Pr!==void 0)if(_===0&&_e===void 0)O.push({instanceLocation:i,keyword:"contains",keywordLocation:`${a}/contains`,error:"Array is empty. It must contain at least one item matching the schema."});else if(_e!==void 0&&_<_e)O.push({instanceLocation:i,keyword:"minContains",keywordLocation:`${a}/minContains`,error:`Array has less items (${_}) than minContains (${_e}).`});else{let j=`${a}/contains`,I=O.length,E=0;for(let N=0;N<_;N++){let G=F(e[N],Pr,n,r,o,s,`${i}/${N}`,j);G.valid?(l[N]=!0,E++):O.push(...G.errors)}E>=(_e||0)&&(O.length=I),_e===void 0&&E===0?O.splice(I,0,{instanceLocation:i,keyword:"contains",keywordLocation:j,error:"Array does not contain item matching schema."}):_e!==void 0&&E<_e?O.push({instanceLocation:i,keyword:"minContains",keywordLocation:`${a}/minContains`,error:`Array must contain at least ${_e} items matching schema. Only ${E} items were found.`}):_n!==void 0&&E>_n&&O.push({instanceLocation:i,keyword:"maxContains",keywordLocation:`${a}/maxContains`,error:`Array may contain at most ${_n} items matching schema. ${E} items were found.`})}if(!D&&Rr!==void 0){let j=`${a}/unevaluatedItems`;for(S;S<_;S++){if(l[S])continue;let I=F(e[S],Rr,n,r,o,s,`${i}/${S}`,j);l[S]=!0,I.valid||O.push({instanceLocation:i,keyword:"unevaluatedItems",keywordLocation:j,error:"Items did not match unevaluated items schema."},...I.errors)}}if($o)for(let j=0;j<_;j++){let I=e[j],E=typeof I=="object"&&I!==null;for(let N=0;N<_;N++){if(j===N)continue;let G=e[N];(I===G||E&&(typeof G=="object"&&G!==null)&&jt(I,G))&&(O.push({instanceLocation:i,keyword:"uniqueItems",keywordLocation:`${a}/uniqueItems`,error:`Duplicate items at indexes ${j} and ${N}.`}),j=Number.MAX_SAFE_INTEGER,N=Number.MAX_SAFE_INTEGER)}}}else if(u==="number")n==="4"?(We!==void 0&&(St===!0&&e<=We||e<We)&&O.push({instanceLocation:i,keyword:"minimum",keywordLocation:`${a}/minimum`,error:`${e} is less than ${St?"or equal to ":""} ${We}.`}),Qe!==void 0&&($t===!0&&e>=Qe||e>Qe)&&O.push({instanceLocation:i,keyword:"maximum",keywordLocation:`${a}/maximum`,error:`${e} is greater than ${$t?"or equal to ":""} ${Qe}.`})):(We!==void 0&&e<We&&O.push({instanceLocation:i,keyword:"minimum",keywordLocation:`${a}/minimum`,error:`${e} is less than ${We}.`}),Qe!==void 0&&e>Qe&&O.push({instanceLocation:i,keyword:"maximum",keywordLocation:`${a}/maximum`,error:`${e} is greater than ${Qe}.`}),St!==void 0&&e<=St&&O.push({instanceLocation:i,keyword:"exclusiveMinimum",keywordLocation:`${a}/exclusiveMinimum`,error:`${e} is less than ${St}.`}),$t!==void 0&&e>=$t&&O.push({instanceLocation:i,keyword:"exclusiveMaximum",keywordLocation:`${a}/exclusiveMaximum`,error:`${e} is greater than or equal to ${$t}.`})),Rn!==void 0&&(Fd(e,Rn)||O.push({instanceLocation:i,keyword:"multipleOf",keywordLocation:`${a}/multipleOf`,error:`${e} is not a multiple of ${Rn}.`}));else if(u==="string"){let _=Ht===void 0&&Bt===void 0?0:vo(e);Ht!==void 0&&_<Ht&&O.push({instanceLocation:i,keyword:"minLength",keywordLocation:`${a}/minLength`,error:`String is too short (${_} < ${Ht}).`}),Bt!==void 0&&_>Bt&&O.push({instanceLocation:i,keyword:"maxLength",keywordLocation:`${a}/maxLength`,error:`String is too long (${_} > ${Bt}).`}),Lr!==void 0&&!new RegExp(Lr,"u").test(e)&&O.push({instanceLocation:i,keyword:"pattern",keywordLocation:`${a}/pattern`,error:"String does not match pattern."}),C!==void 0&&Sr[C]&&!Sr[C](e)&&O.push({instanceLocation:i,keyword:"format",keywordLocation:`${a}/format`,error:`String does not match format "${C}".`})}return{valid:O.length===0,errors:O}}var jn=class{schema;draft;shortCircuit;lookup;constructor(t,n="2019-09",r=!0){this.schema=t,this.draft=n,this.shortCircuit=r,this.lookup=Ze(t)}validate(t){return F(t,this.schema,this.draft,this.lookup,this.shortCircuit)}addSchema(t,n){n&&(t={...t,$id:n}),Ze(t,this.lookup)}};var $r={address:"https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json",sha256:"b7358e895f492e74055dc6bfc7ffc420d0e497f90c4579fb83d9519b86d393ea",schema:{$schema:"https://json-schema.org/draft/2019-09/schema#",$id:"https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json",type:"object",properties:{"@context":{oneOf:[{$ref:"#/$defs/Context"},{type:"array",minItems:2,items:[{enum:["https://www.w3.org/ns/credentials/v2"]},{type:"string",pattern:"^https:\\/\\/purl\\.imsglobal\\.org\\/spec\\/ob\\/v3p0\\/context(-3\\.\\d\\.\\d)*\\.json$"}],additionalItems:{$ref:"#/$defs/Context"}}]},id:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},type:{oneOf:[{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},{allOf:[{type:"array",minItems:1,contains:{enum:["VerifiableCredential"]},items:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]}},{type:"array",minItems:1,contains:{enum:["AchievementCredential","OpenBadgeCredential"]},items:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]}}]}]},name:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},description:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},image:{$ref:"#/$defs/Image"},awardedDate:{type:"string",format:"date-time"},credentialSubject:{$ref:"#/$defs/AchievementSubject"},endorsement:{oneOf:[{$ref:"#/$defs/EndorsementCredential"},{type:"array",items:{$ref:"#/$defs/EndorsementCredential"}}]},endorsementJwt:{oneOf:[{oneOf:[{type:"string",pattern:"^[a-zA-Z0-9_-]+\\.[a-zA-Z0-9_-]*\\.[a-zA-Z0-9_-]+$"},{type:"object",additionalProperties:{type:"string",pattern:"^[a-zA-Z0-9_-]+\\.[a-zA-Z0-9_-]*\\.[a-zA-Z0-9_-]+$"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},{type:"array",items:{oneOf:[{type:"string",pattern:"^[a-zA-Z0-9_-]+\\.[a-zA-Z0-9_-]*\\.[a-zA-Z0-9_-]+$"},{type:"object",additionalProperties:{type:"string",pattern:"^[a-zA-Z0-9_-]+\\.[a-zA-Z0-9_-]*\\.[a-zA-Z0-9_-]+$"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]}}]},issuer:{$ref:"#/$defs/ProfileRef"},validFrom:{type:"string",format:"date-time"},validUntil:{type:"string",format:"date-time"},proof:{oneOf:[{$ref:"#/$defs/Proof"},{type:"array",items:{$ref:"#/$defs/Proof"}}]},credentialSchema:{oneOf:[{$ref:"#/$defs/CredentialSchema"},{type:"array",items:{$ref:"#/$defs/CredentialSchema"}}]},credentialStatus:{$ref:"#/$defs/CredentialStatus"},refreshService:{$ref:"#/$defs/RefreshService"},termsOfUse:{oneOf:[{$ref:"#/$defs/TermsOfUse"},{type:"array",items:{$ref:"#/$defs/TermsOfUse"}}]},evidence:{oneOf:[{$ref:"#/$defs/Evidence"},{type:"array",items:{$ref:"#/$defs/Evidence"}}]}},required:["@context","id","type","credentialSubject","issuer","validFrom"],additionalProperties:!0,$defs:{Context:{anyOf:[{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},{type:"object"}]},TermsOfUse:{type:"object",properties:{id:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},type:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]}},required:["type"],additionalProperties:!0},CredentialStatus:{type:"object",properties:{id:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},type:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]}},required:["type"],additionalProperties:!0},AchievementSubject:{type:"object",properties:{id:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},type:{oneOf:[{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},{type:"array",minItems:1,contains:{enum:["AchievementSubject"]},items:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]}}]},activityEndDate:{type:"string",format:"date-time"},activityStartDate:{type:"string",format:"date-time"},creditsEarned:{type:"number"},achievement:{$ref:"#/$defs/Achievement"},identifier:{oneOf:[{$ref:"#/$defs/IdentityObject"},{type:"array",items:{$ref:"#/$defs/IdentityObject"}}]},image:{$ref:"#/$defs/Image"},licenseNumber:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},narrative:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},result:{oneOf:[{$ref:"#/$defs/Result"},{type:"array",items:{$ref:"#/$defs/Result"}}]},role:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},source:{$ref:"#/$defs/Profile"},term:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]}},required:["type","achievement"],additionalProperties:!0},IdentityObject:{type:"object",properties:{type:{oneOf:[{type:"string",enum:["IdentityObject"]},{type:"object",additionalProperties:{type:"string",enum:["IdentityObject"]},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},hashed:{type:"boolean"},identityHash:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},identityType:{oneOf:[{type:"string",enum:["name","sourcedId","systemId","productId","userName","accountId","emailAddress","nationalIdentityNumber","isbn","issn","lisSourcedId","oneRosterSourcedId","sisSourcedId","ltiContextId","ltiDeploymentId","ltiToolId","ltiPlatformId","ltiUserId","identifier"]},{type:"string",pattern:"(ext:)[a-z|A-Z|0-9|.|-|_]+"}]},salt:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]}},required:["type","hashed","identityHash","identityType"],additionalProperties:!1},Evidence:{type:"object",properties:{id:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},type:{oneOf:[{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},{type:"array",minItems:1,contains:{enum:["Evidence"]},items:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]}}]},narrative:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},name:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},description:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},genre:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},audience:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]}},required:["type"],additionalProperties:!0},EndorsementCredential:{type:"object",properties:{"@context":{oneOf:[{$ref:"#/$defs/Context"},{type:"array",minItems:2,items:[{enum:["https://www.w3.org/ns/credentials/v2"]},{type:"string",pattern:"^https:\\/\\/purl\\.imsglobal\\.org\\/spec\\/ob\\/v3p0\\/context(-3\\.\\d\\.\\d)*\\.json$"}],additionalItems:{$ref:"#/$defs/Context"}}]},type:{oneOf:[{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},{allOf:[{type:"array",minItems:1,contains:{enum:["VerifiableCredential"]},items:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]}},{type:"array",minItems:1,contains:{enum:["EndorsementCredential"]},items:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]}}]}]},id:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},name:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},description:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},credentialSubject:{$ref:"#/$defs/EndorsementSubject"},awardedDate:{type:"string",format:"date-time"},issuer:{$ref:"#/$defs/ProfileRef"},validFrom:{type:"string",format:"date-time"},validUntil:{type:"string",format:"date-time"},proof:{oneOf:[{$ref:"#/$defs/Proof"},{type:"array",items:{$ref:"#/$defs/Proof"}}]},credentialSchema:{oneOf:[{$ref:"#/$defs/CredentialSchema"},{type:"array",items:{$ref:"#/$defs/CredentialSchema"}}]},credentialStatus:{$ref:"#/$defs/CredentialStatus"},refreshService:{$ref:"#/$defs/RefreshService"},termsOfUse:{oneOf:[{$ref:"#/$defs/TermsOfUse"},{type:"array",items:{$ref:"#/$defs/TermsOfUse"}}]},evidence:{oneOf:[{$ref:"#/$defs/Evidence"},{type:"array",items:{$ref:"#/$defs/Evidence"}}]}},required:["@context","type","id","name","credentialSubject","issuer","validFrom"],additionalProperties:!0},Achievement:{type:"object",properties:{id:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},type:{oneOf:[{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},{type:"array",minItems:1,contains:{enum:["Achievement"]},items:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]}}]},alignment:{oneOf:[{$ref:"#/$defs/Alignment"},{type:"array",items:{$ref:"#/$defs/Alignment"}}]},achievementType:{oneOf:[{type:"string",enum:["Achievement","ApprenticeshipCertificate","Assessment","Assignment","AssociateDegree","Award","Badge","BachelorDegree","Certificate","CertificateOfCompletion","Certification","CommunityService","Competency","Course","CoCurricular","Degree","Diploma","DoctoralDegree","Fieldwork","GeneralEducationDevelopment","JourneymanCertificate","LearningProgram","License","Membership","ProfessionalDoctorate","QualityAssuranceCredential","MasterCertificate","MasterDegree","MicroCredential","ResearchDoctorate","SecondarySchoolDiploma"]},{type:"string",pattern:"(ext:)[a-z|A-Z|0-9|.|-|_]+"}]},creator:{$ref:"#/$defs/Profile"},creditsAvailable:{type:"number"},criteria:{$ref:"#/$defs/Criteria"},description:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},endorsement:{oneOf:[{$ref:"#/$defs/EndorsementCredential"},{type:"array",items:{$ref:"#/$defs/EndorsementCredential"}}]},endorsementJwt:{oneOf:[{oneOf:[{type:"string",pattern:"^[a-zA-Z0-9_-]+\\.[a-zA-Z0-9_-]*\\.[a-zA-Z0-9_-]+$"},{type:"object",additionalProperties:{type:"string",pattern:"^[a-zA-Z0-9_-]+\\.[a-zA-Z0-9_-]*\\.[a-zA-Z0-9_-]+$"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},{type:"array",items:{oneOf:[{type:"string",pattern:"^[a-zA-Z0-9_-]+\\.[a-zA-Z0-9_-]*\\.[a-zA-Z0-9_-]+$"},{type:"object",additionalProperties:{type:"string",pattern:"^[a-zA-Z0-9_-]+\\.[a-zA-Z0-9_-]*\\.[a-zA-Z0-9_-]+$"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]}}]},fieldOfStudy:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},humanCode:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},image:{$ref:"#/$defs/Image"},inLanguage:{oneOf:[{type:"string",pattern:"^[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$"},{type:"object",additionalProperties:{type:"string",pattern:"^[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},name:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},otherIdentifier:{oneOf:[{$ref:"#/$defs/IdentifierEntry"},{type:"array",items:{$ref:"#/$defs/IdentifierEntry"}}]},related:{oneOf:[{$ref:"#/$defs/Related"},{type:"array",items:{$ref:"#/$defs/Related"}}]},resultDescription:{oneOf:[{$ref:"#/$defs/ResultDescription"},{type:"array",items:{$ref:"#/$defs/ResultDescription"}}]},specialization:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},tag:{oneOf:[{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},{type:"array",items:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]}}]},version:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]}},required:["id","type","criteria","description","name"],additionalProperties:!0},Alignment:{type:"object",properties:{type:{oneOf:[{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},{type:"array",minItems:1,contains:{enum:["Alignment"]},items:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]}}]},targetCode:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},targetDescription:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},targetName:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},targetFramework:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},targetType:{oneOf:[{type:"string",enum:["ceasn:Competency","ceterms:Credential","CFItem","CFRubric","CFRubricCriterion","CFRubricCriterionLevel","CTDL"]},{type:"string",pattern:"(ext:)[a-z|A-Z|0-9|.|-|_]+"}]},targetUrl:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]}},required:["type","targetName","targetUrl"],additionalProperties:!0},Criteria:{type:"object",properties:{id:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},narrative:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]}},required:[],additionalProperties:!0},IdentifierEntry:{type:"object",properties:{type:{oneOf:[{type:"string",enum:["IdentifierEntry"]},{type:"object",additionalProperties:{type:"string",enum:["IdentifierEntry"]},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},identifier:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},identifierType:{oneOf:[{type:"string",enum:["name","sourcedId","systemId","productId","userName","accountId","emailAddress","nationalIdentityNumber","isbn","issn","lisSourcedId","oneRosterSourcedId","sisSourcedId","ltiContextId","ltiDeploymentId","ltiToolId","ltiPlatformId","ltiUserId","identifier"]},{type:"string",pattern:"(ext:)[a-z|A-Z|0-9|.|-|_]+"}]}},required:["type","identifier","identifierType"],additionalProperties:!1},Proof:{type:"object",properties:{type:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},created:{type:"string",format:"date-time"},cryptosuite:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},challenge:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},domain:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},nonce:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},proofPurpose:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},proofValue:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},verificationMethod:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]}},required:["type"],additionalProperties:!0},RefreshService:{type:"object",properties:{id:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},type:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]}},required:["id","type"],additionalProperties:!0},Image:{type:"object",properties:{id:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},type:{oneOf:[{type:"string",enum:["Image"]},{type:"object",additionalProperties:{type:"string",enum:["Image"]},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},caption:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]}},required:["id","type"],additionalProperties:!1},EndorsementSubject:{type:"object",properties:{id:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},type:{oneOf:[{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},{type:"array",minItems:1,contains:{enum:["EndorsementSubject"]},items:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]}}]},endorsementComment:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]}},required:["id","type"],additionalProperties:!0},Result:{type:"object",properties:{type:{oneOf:[{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},{type:"array",minItems:1,contains:{enum:["Result"]},items:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]}}]},achievedLevel:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},alignment:{oneOf:[{$ref:"#/$defs/Alignment"},{type:"array",items:{$ref:"#/$defs/Alignment"}}]},resultDescription:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},status:{type:"string",enum:["Completed","Enrolled","Failed","InProgress","OnHold","Provisional","Withdrew"]},value:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]}},required:["type"],additionalProperties:!0},ProfileRef:{anyOf:[{$ref:"#/$defs/Profile"},{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]}]},ResultDescription:{type:"object",properties:{id:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},type:{oneOf:[{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},{type:"array",minItems:1,contains:{enum:["ResultDescription"]},items:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]}}]},alignment:{oneOf:[{$ref:"#/$defs/Alignment"},{type:"array",items:{$ref:"#/$defs/Alignment"}}]},allowedValue:{oneOf:[{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},{type:"array",items:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]}}]},name:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},requiredLevel:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},requiredValue:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},resultType:{oneOf:[{type:"string",enum:["GradePointAverage","LetterGrade","Percent","PerformanceLevel","PredictedScore","RawScore","Result","RubricCriterion","RubricCriterionLevel","RubricScore","ScaledScore","Status"]},{type:"string",pattern:"(ext:)[a-z|A-Z|0-9|.|-|_]+"}]},rubricCriterionLevel:{oneOf:[{$ref:"#/$defs/RubricCriterionLevel"},{type:"array",items:{$ref:"#/$defs/RubricCriterionLevel"}}]},valueMax:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},valueMin:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]}},required:["id","type","name","resultType"],additionalProperties:!0},RubricCriterionLevel:{type:"object",properties:{id:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},type:{oneOf:[{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},{type:"array",minItems:1,contains:{enum:["RubricCriterionLevel"]},items:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]}}]},alignment:{oneOf:[{$ref:"#/$defs/Alignment"},{type:"array",items:{$ref:"#/$defs/Alignment"}}]},description:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},level:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},name:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},points:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]}},required:["id","type","name"],additionalProperties:!0},Related:{type:"object",properties:{id:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},type:{oneOf:[{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},{type:"array",minItems:1,contains:{enum:["Related"]},items:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]}}]},inLanguage:{oneOf:[{type:"string",pattern:"^[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$"},{type:"object",additionalProperties:{type:"string",pattern:"^[a-z]{2,4}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},version:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]}},required:["id","type"],additionalProperties:!0},Profile:{type:"object",properties:{id:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},type:{oneOf:[{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},{type:"array",minItems:1,contains:{enum:["Profile"]},items:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]}}]},name:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},url:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},phone:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},description:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},endorsement:{oneOf:[{$ref:"#/$defs/EndorsementCredential"},{type:"array",items:{$ref:"#/$defs/EndorsementCredential"}}]},endorsementJwt:{oneOf:[{oneOf:[{type:"string",pattern:"^[a-zA-Z0-9_-]+\\.[a-zA-Z0-9_-]*\\.[a-zA-Z0-9_-]+$"},{type:"object",additionalProperties:{type:"string",pattern:"^[a-zA-Z0-9_-]+\\.[a-zA-Z0-9_-]*\\.[a-zA-Z0-9_-]+$"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},{type:"array",items:{oneOf:[{type:"string",pattern:"^[a-zA-Z0-9_-]+\\.[a-zA-Z0-9_-]*\\.[a-zA-Z0-9_-]+$"},{type:"object",additionalProperties:{type:"string",pattern:"^[a-zA-Z0-9_-]+\\.[a-zA-Z0-9_-]*\\.[a-zA-Z0-9_-]+$"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]}}]},image:{$ref:"#/$defs/Image"},email:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},address:{$ref:"#/$defs/Address"},otherIdentifier:{oneOf:[{$ref:"#/$defs/IdentifierEntry"},{type:"array",items:{$ref:"#/$defs/IdentifierEntry"}}]},official:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},parentOrg:{$ref:"#/$defs/Profile"},familyName:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},givenName:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},additionalName:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},patronymicName:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},honorificPrefix:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},honorificSuffix:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},familyNamePrefix:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},dateOfBirth:{type:"string",format:"date"}},required:["id","type"],additionalProperties:!0},Address:{type:"object",properties:{type:{oneOf:[{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},{type:"array",minItems:1,contains:{enum:["Address"]},items:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]}}]},addressCountry:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},addressCountryCode:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},addressRegion:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},addressLocality:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},streetAddress:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},postOfficeBoxNumber:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},postalCode:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},geo:{$ref:"#/$defs/GeoCoordinates"}},required:["type"],additionalProperties:!0},GeoCoordinates:{type:"object",properties:{type:{oneOf:[{type:"string",enum:["GeoCoordinates"]},{type:"object",additionalProperties:{type:"string",enum:["GeoCoordinates"]},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},latitude:{type:"number"},longitude:{type:"number"}},required:["type","latitude","longitude"],additionalProperties:!0},CredentialSchema:{type:"object",properties:{id:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]},type:{oneOf:[{type:"string"},{type:"object",additionalProperties:{type:"string"},propertyNames:{pattern:"^[a-z]{2}(-[A-Z]{2})?$"}}]}},required:["id","type"],additionalProperties:!0}}}};var Jd="1EdTechJsonSchemaValidator2019",Hd=6e3;function xo(e){if(!Y(e,"OpenBadgeCredential")&&!Y(e,"AchievementCredential"))return P("schema","schema.unknown");if(!Bd(e))return P("schema","schema.unknown","too large");let t;try{t=new jn($r.schema,"2019-09",!0).validate(e)}catch(o){return P("schema","schema.unknown",o.message)}if(!t.valid){let o=t.errors.at(-1);return H("schema","schema.violated",`${o?.instanceLocation??""}: ${o?.error??""}`)}let r=fe(e.credentialSchema??[]).filter(o=>B(o)&&Y(o,Jd)).find(o=>o.id!==$r.address);return r?P("schema","schema.unknown",r.id):se("schema","schema.satisfied")}function Bd(e){let t=[e];for(let n of t)if(n!==null&&typeof n=="object"){for(let r of Object.values(n))if(t.push(r)>Hd)return!1}return!0}var Vd=["contexts","signature","key_ownership","issuer","validity_period","status"];async function Oo(e,{now:t=Date.now(),fetch:n=globalThis.fetch}={}){let r=Gd(e);if(!r)return Io([H("structure","document.unreadable"),...Vd.map(a=>P(a,"document.unread"))],null);let o=Zr(r),s=globalThis.crypto?.subtle?await Ot(r,t,{fetch:n}):[P("signature","signature.browser"),P("key_ownership","signature.browser"),P("issuer","signature.browser")],i=[o?H("structure","structure.incomplete",o):se("structure","structure.complete"),Kd(r),...s,Wd(r,t),lt(s)?await In(r,t,{fetch:n}):P("status","status.not_looked_up"),xo(r)];return i.push(...await uo(r,t,{fetch:lt(s)?n:Xd})),"verifiableCredential"in(r.credentialSubject??{})&&i.push(P("parts","parts.undetermined")),Io(i,r)}var Xd=async()=>{throw new Error("not looked up")},Io=(e,t)=>({verdict:qr(e),checks:e,document:t});function Gd(e){try{let t=JSON.parse(new TextDecoder("utf-8",{fatal:!0}).decode(e));return B(t)?t:null}catch{return null}}function Kd(e){let t=e["@context"],n=(Array.isArray(t)?t:[t]).find(r=>!Kt(r));return n===void 0&&Array.isArray(t)&&t.length?se("contexts","contexts.known"):P("contexts","contexts.unknown",typeof n=="string"?n:"")}function Wd(e,t){let n=ie(e.validFrom),r="validUntil"in e?ie(e.validUntil):1/0;return Number.isNaN(n)||Number.isNaN(r)?H("validity_period","validity.unreadable"):n>t+12e4?H("validity_period","validity.not_yet"):r>t?se("validity_period","validity.current"):H("validity_period","validity.expired")}var Qd=2e6,Ao={passed:"\u2713",failed:"\u2715",could_not_check:"?",valid:"\u2713",invalid:"\u2715",undetermined:"?"};async function Yd(e){let t=JSON.parse(e.querySelector("script[type='application/json']").textContent),n=e.querySelector("[data-verifier-result]");n.replaceChildren(So(t.working));let r=await ec(e);return n.replaceChildren(tc(r,t),nc(r.document,t),rc(r.checks,e,t)),r}async function ec(e){let t;try{t=e.dataset.credential?Uint8Array.from(atob(e.dataset.credential),n=>n.charCodeAt(0)):await ct(e.dataset.document,Qd,{own:!0,accept:"application/vc+ld+json"})}catch(n){return{verdict:"undetermined",checks:[P("structure","document.unreachable",n.message)],document:null}}try{return await Oo(t)}catch(n){return{verdict:"undetermined",checks:[P("structure","document.unread",n.message)],document:null}}}function tc(e,t){let n=e.checks.some(i=>i.reason==="status.revoked"),r=document.createElement("div");r.className=`mc-verdict mc-verdict--${e.verdict}`,r.dataset.verdict=e.verdict;let o=document.createElement("span");o.className="mc-verdict__icon",o.setAttribute("aria-hidden","true"),o.textContent=Ao[e.verdict];let s=So(n?t.revoked:t[e.verdict]);return s.className="mc-verdict__word",r.append(o,s),r}function nc(e,t){let n=document.createElement("dl");n.className="mc-facts";let r={[t.badge]:e?.credentialSubject?.achievement?.name,[t.issuer]:e?.issuer?.name,[t.identifier]:e&&Oe(e),[t.since]:e?.validFrom};for(let[o,s]of Object.entries(r))if(typeof s=="string"&&s){let i=document.createElement("div"),a=document.createElement("dt"),l=document.createElement("dd");a.textContent=o,l.textContent=s.slice(0,300),i.append(a,l),n.append(i)}return n}function rc(e,t,n){let r=document.createElement("ul");r.className="mc-checks";for(let o of e){let s=t.querySelector("template").content.firstElementChild.cloneNode(!0);s.classList.add(`mc-check--${o.outcome}`),s.dataset.check=o.code,s.dataset.reason=o.reason,s.querySelector(".mc-check__icon").textContent=Ao[o.outcome];let i=s.querySelector(".mc-check__text");if(i.textContent=n.sentences[o.reason]??n.outcomes[Fe],o.who){let a=document.createElement("bdi");a.textContent=o.who.slice(0,300),i.append(" \u2014 ",a)}s.querySelector(".mc-check__word").textContent=n.outcomes[o.outcome],r.append(s)}return r}function So(e){let t=document.createElement("p");return t.textContent=e,t}var jo=globalThis.document?.querySelector("[data-verifier-saved]");jo&&Yd(jo);export{Yd as run,Oo as verify};
