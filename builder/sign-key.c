// SPDX-License-Identifier: GPL-2.0-or-later
/* Keys and certificates, from files or from a PKCS#11 token. */
#define OPENSSL_SUPPRESS_DEPRECATED /* engines: Debian 12 has no PKCS#11 provider */
#include <errno.h>
#include <openssl/bio.h>
#include <openssl/engine.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "sign-key.h"

static bool is_uri(const char *where)
{
	return !strncmp(where, "pkcs11:", strlen("pkcs11:"));
}

static const char *sign_pin(void)
{
	return getenv("KBUILD_SIGN_PIN");
}

/* Without a PIN in the environment, OpenSSL asks on the terminal. */
static int give_pin(char *buffer, int room, int writing, void *data)
{
	size_t length = strlen(sign_pin());

	if (length >= (size_t)room)
		return -1;
	memcpy(buffer, sign_pin(), length);
	return length;
}

static struct error *engine_open(ENGINE **ret)
{
	ENGINE *engine;

	ENGINE_load_builtin_engines();
	ERR_clear_error();
	engine = ENGINE_by_id("pkcs11");
	if (!engine)
		return error_libcrypto("OpenSSL has no pkcs11 engine (install "
				       "libengine-pkcs11-openssl)");
	if (!ENGINE_init(engine)) {
		ENGINE_free(engine);
		return error_libcrypto("cannot start OpenSSL's pkcs11 engine (is "
				       "PKCS11_MODULE_PATH right, or p11-kit set up?)");
	}
	if (sign_pin() && !ENGINE_ctrl_cmd_string(engine, "PIN", sign_pin(), 0)) {
		ENGINE_finish(engine);
		ENGINE_free(engine);
		return error_libcrypto("cannot hand the PIN to the pkcs11 engine");
	}
	*ret = engine;
	return NULL;
}

static void engine_close(ENGINE *engine)
{
	ENGINE_finish(engine);
	ENGINE_free(engine);
}

static struct error *key_from_token(const char *uri, EVP_PKEY **ret)
{
	struct error *err;
	ENGINE *engine;

	err = engine_open(&engine);
	if (err)
		return err;
	*ret = ENGINE_load_private_key(engine, uri, NULL, NULL);
	if (!*ret)
		err = error_libcrypto("no private key for %s (see pkcs11-tool --list-objects; "
				      "the PIN is KBUILD_SIGN_PIN or pin-value in the URI)",
				      uri);
	engine_close(engine);
	return err;
}

static struct error *cert_from_token(const char *uri, X509 **ret)
{
	/* libp11, engine "pkcs11", LOAD_CERT_CTRL */
	struct {
		const char *id;
		X509 *cert;
	} request = {.id = uri};
	struct error *err;
	ENGINE *engine;

	err = engine_open(&engine);
	if (err)
		return err;
	ENGINE_ctrl_cmd(engine, "LOAD_CERT_CTRL", 0, &request, NULL, 1);
	if (!request.cert)
		err = error_libcrypto("no certificate for %s (see pkcs11-tool --list-objects)",
				      uri);
	*ret = request.cert;
	engine_close(engine);
	return err;
}

static struct error *file_open(const char *path, const char *what, BIO **ret)
{
	*ret = BIO_new_file(path, "rb");
	if (*ret)
		return NULL;
	ERR_clear_error();
	return error_errno(errno, "cannot read the signing %s %s", what, path);
}

struct error *sign_load_key(const char *where, EVP_PKEY **ret)
{
	EVP_PKEY *key = NULL;
	struct error *err;
	BIO *file;

	ERR_clear_error();
	if (is_uri(where)) {
		err = key_from_token(where, &key);
	} else {
		err = file_open(where, "key", &file);
		if (err)
			return err;
		key = PEM_read_bio_PrivateKey(file, NULL, sign_pin() ? give_pin : NULL, NULL);
		BIO_free(file);
		if (!key)
			err = error_libcrypto("%s is not a private key in PEM (or its pass phrase "
					      "is not KBUILD_SIGN_PIN)",
					      where);
	}
	if (!err)
		*ret = key;
	return err;
}

/* DER begins with a SEQUENCE of more than 127 bytes; PEM with text. */
static X509 *cert_parse(BIO *file)
{
	unsigned char start[2];

	if (BIO_read(file, start, 2) != 2 || BIO_reset(file))
		return NULL;
	if (start[0] == 0x30 && start[1] & 0x80)
		return d2i_X509_bio(file, NULL);
	return PEM_read_bio_X509(file, NULL, NULL, NULL);
}

struct error *sign_load_cert(const char *where, X509 **ret)
{
	X509 *cert = NULL;
	struct error *err;
	BIO *file;

	ERR_clear_error();
	if (is_uri(where)) {
		err = cert_from_token(where, &cert);
	} else {
		err = file_open(where, "certificate", &file);
		if (err)
			return err;
		cert = cert_parse(file);
		BIO_free(file);
		if (!cert)
			err = error_libcrypto("%s is not a certificate in PEM or DER", where);
	}
	if (!err)
		*ret = cert;
	return err;
}
