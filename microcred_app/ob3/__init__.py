"""Open Badges 3.0 without a framework: build, sign, publish status, verify. No clock, network, database, settings.

===================  ==========================================================================================
To make              `documents`, `achievements` and `profiles` (what a credential says), `endorsements`, `clr`
                     (learner records), `ler_rs` (résumés), `identity` (to whom), `integrity` (digests);
                     `issuing.issue` (signed bytes) and `issuing.Template` (many of one badge), or
                     `data_integrity.sign` with a `signing.Signer` and `serialization.encode_document`;
                     `jwt_credential.sign_jwt` with a `jose_signing` signer; `baking` (pictures)
To withdraw          `status_list` (bits, and the credential that publishes them)
To publish an issuer `dids` (identifiers, DID documents, key history), `multikey` and `public_keys` (text forms)
To check             `verification.verify` → `report.Report`; its parts are `structure`, `attribution`,
                     `jwt_attribution`, `revocation`, `schema`, `evidence_files`, `nested` (with `judgement` and
                     `reading`), `refresh`; `presentations.verify_presentation`
Underneath           `canonical.canonicalise` = `shapes` (shapes seen before: `compilation` and `assembly` make a
                     `plan`, `shape_memory` keeps it) before `plain_route` = `expansion` (JSON-LD in safe mode) →
                     `dataset` (RDF) → `rdfc` (RDFC-1.0); `cryptosuites`; `secured_text` and `json_text` (texts of
                     known shapes); `contexts` (bundled, digest-pinned); `json_input`, `text`, `fields`,
                     `timestamps`, `vocabulary`, `errors`
The command          `__main__`, the only module that knows clock and network, and `command_sources` (files)
===================  ==========================================================================================

Every refusal is an `errors.Ob3Error`; nothing else leaves a public function, whatever is handed in.
"""
