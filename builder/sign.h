/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A module's signature: a detached CMS message without certificates or signed attributes, then
 * the kernel's struct module_signature and its marker (include/linux/module_signature.h,
 * kernel/module/signing.c, scripts/sign-file.c).
 */
#ifndef KLPKIT_SIGN_H
#define KLPKIT_SIGN_H

#include <klpkit/error.h>

/*
 * Appends to the file; a failure leaves it as it was. key and cert: files or pkcs11: URIs
 * (sign-key.h). hash: as OpenSSL calls it, "sha256". With an RSA key, the same file gives the
 * same bytes.
 */
struct error *sign_module(const char *ko, const char *key, const char *cert,
			  const char *hash) must_check;

#endif
