/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Keys and certificates, from files (PEM, a certificate also DER) or from a PKCS#11 token: a URI
 * "pkcs11:..." (RFC 7512), by OpenSSL's engine of that name. The PIN, or the pass phrase of a
 * file, is KBUILD_SIGN_PIN from the environment, as for the kernel's own signing; else it is in
 * the URI, or asked for on the terminal.
 */
#ifndef KLPKIT_SIGN_KEY_H
#define KLPKIT_SIGN_KEY_H

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <klpkit/error.h>

/* The results are the caller's: EVP_PKEY_free(), X509_free(). */
struct error *sign_load_key(const char *where, EVP_PKEY **ret) must_check;
struct error *sign_load_cert(const char *where, X509 **ret) must_check;

#endif
