/** The commands that work with a configuration on this machine. */
export const usageText = `slipway --version
slipway init [FOLDER...] [--output FILE] [--repository R] [--registry HOST] [--public-url URL] [--yes] [--json]
slipway doctor [--config FILE | --server URL] [--json]
slipway serve --config FILE
slipway check --config FILE [--reach] [--against OLD-FILE [--last N] [--json]]
slipway plan  --config FILE --repository R --branch B [--base SHA] [--head SHA] [--json]
slipway plan  --config FILE --repository R --branch B --range A..[B] [--json]
slipway graph --config FILE [--json]
slipway compose SERVICE --environment E [--release N] --config FILE
slipway compose --from-container NAME --engine URL [--tls-ca FILE] [--tls-cert FILE --tls-key FILE]
slipway backup FILE.tar --config FILE
slipway restore FILE.tar --config FILE
`;
