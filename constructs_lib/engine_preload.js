// Preloaded into the jsii kernel's Node process by bindings.py. The index of a provider package requires one module for
// each of its ~2,200 resource types; only some fifty are used. Each require becomes a proxy that loads on first use.
"use strict";
const Module = require("module");
const load = Module._load;
const PROVIDER_INDEX = /[\\/]@(?:cdktf|cdktn)[\\/]provider-[a-z]+[\\/]lib[\\/]index\.js$/;

Module._load = function (request, parent, isMain) {
  if (!parent || !request.startsWith("./") || !PROVIDER_INDEX.test(parent.filename || "")) {
    return load.call(this, request, parent, isMain);
  }
  let loaded;
  const real = () => (loaded ??= load.call(Module, request, parent, isMain));
  return new Proxy(
    {},
    {
      // Asked by CDK Terrain's index of every module, all of them compiled from ES modules: no reason to load one.
      get: (_target, key) => key === "__esModule" || real()[key],
      has: (_target, key) => key in real(),
      ownKeys: () => Reflect.ownKeys(real()),
      getOwnPropertyDescriptor: (_target, key) => {
        const found = Object.getOwnPropertyDescriptor(real(), key);
        return found && { ...found, configurable: true };
      },
    },
  );
};
