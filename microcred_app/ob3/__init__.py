"""Open Badges 3.0 without a framework: build, sign, publish status, verify. No clock, network, database, settings.

===================  ==========================================================================================
To make              `documents` and `achievements` (what a credential says), `identity` (to whom),
                     `data_integrity.sign` with a `signing.Signer`, `serialization.encode_document` (the bytes)
To withdraw          `status_list` (bits, and the credential that publishes them)
To publish an issuer `dids` (identifiers, DID documents, key history), `multikey` (text forms)
To check             `verification.verify` → `report.Report`; its parts are `structure`, `attribution`,
                     `revocation`
Underneath           `canonical.canonicalise` = `expansion` (JSON-LD in safe mode) → `dataset` (RDF) → `rdfc`
                     (RDFC-1.0); `contexts` (bundled, digest-pinned); `json_input`, `text`, `fields`,
                     `timestamps`, `vocabulary`, `errors`
===================  ==========================================================================================

Every refusal is an `errors.Ob3Error`; nothing else leaves a public function, whatever is handed in.
"""
