// SPDX-License-Identifier: GPL-2.0-or-later
/* A module's signature, in the kernel's format. */
#include <arpa/inet.h>
#include <klpkit/file.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sign-key.h"
#include "sign.h"

static const char marker[] = "~Module signature appended~\n";

/* What lies between the message and the marker. Unused with CMS: all but the two set below. */
struct module_signature {
	uint8_t algo, hash;
	uint8_t id_type;
	uint8_t signer_len, key_id_len;
	uint8_t pad[3];
	uint32_t sig_len; /* big-endian */
};

_Static_assert(sizeof(struct module_signature) == 12, "the kernel's layout");

#define ID_TYPE_PKCS7 2

struct signer {
	EVP_PKEY *key;
	X509 *cert;
	const EVP_MD *hash;
};

static bool is_signed(const char *data, size_t size)
{
	size_t length = strlen(marker);

	return size >= length && !memcmp(data + size - length, marker, length);
}

static struct error *signer_open(const char *key, const char *cert, const char *hash,
				 struct signer *ret)
{
	struct error *err;

	ret->hash = EVP_get_digestbyname(hash);
	if (!ret->hash)
		return error_create(EXIT_USAGE, "'%s' is not a hash: sha256, sha384 or sha512",
				    hash);
	err = sign_load_key(key, &ret->key);
	if (!err)
		err = sign_load_cert(cert, &ret->cert);
	if (!err && X509_check_private_key(ret->cert, ret->key) != 1) {
		ERR_clear_error();
		err = error_create(EXIT_ERROR, "the certificate %s is not that of the key %s", cert,
				   key);
	}
	return err;
}

static void signer_close(struct signer *signer)
{
	EVP_PKEY_free(signer->key);
	X509_free(signer->cert);
}

/* The message in DER; *der_ret is OpenSSL's to free. */
static struct error *make_message(const struct signer *signer, const char *data, size_t size,
				  unsigned char **der_ret, size_t *size_ret)
{
	BIO *content = BIO_new_mem_buf(data, size);
	CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, NULL,
					CMS_NOCERTS | CMS_PARTIAL | CMS_BINARY | CMS_DETACHED);
	struct error *err = NULL;
	int length;

	if (!content || !cms ||
	    !CMS_add1_signer(cms, signer->cert, signer->key, signer->hash,
			     CMS_NOCERTS | CMS_BINARY | CMS_NOSMIMECAP | CMS_NOATTR) ||
	    CMS_final(cms, content, NULL, CMS_NOCERTS | CMS_BINARY) != 1) {
		err = error_libcrypto("cannot sign");
	} else {
		length = i2d_CMS_ContentInfo(cms, der_ret);
		if (length < 0)
			err = error_libcrypto("cannot write the signature");
		else
			*size_ret = length;
	}
	CMS_ContentInfo_free(cms);
	BIO_free(content);
	return err;
}

static struct error *append(const char *path, mode_t mode, const char *data, size_t size,
			    const unsigned char *der, size_t der_size)
{
	struct module_signature info = {.id_type = ID_TYPE_PKCS7, .sig_len = htonl(der_size)};
	size_t total = size + der_size + sizeof(info) + strlen(marker);
	char *out = malloc(total), *end = out;
	struct error *err;

	if (!out)
		return error_nomem();
	end = mempcpy(end, data, size);
	end = mempcpy(end, der, der_size);
	end = mempcpy(end, &info, sizeof(info));
	memcpy(end, marker, strlen(marker));
	err = file_write(path, out, total, mode);
	free(out);
	return err;
}

static struct error *sign_file(const char *path, const struct signer *signer)
{
	unsigned char *der = NULL;
	size_t size, der_size = 0;
	struct error *err;
	mode_t mode = 0644;
	struct stat st;
	char *data;

	err = file_read(path, &data, &size);
	if (err)
		return err;
	if (!stat(path, &st))
		mode = st.st_mode & 0777;
	if (is_signed(data, size))
		err = error_create(EXIT_ERROR, "it is signed already");
	if (!err)
		err = make_message(signer, data, size, &der, &der_size);
	if (!err)
		err = append(path, mode, data, size, der, der_size);
	OPENSSL_free(der);
	free(data);
	return error_prefix(err, "%s", path);
}

struct error *sign_module(const char *ko, const char *key, const char *cert, const char *hash)
{
	struct signer signer = {0};
	struct error *err = signer_open(key, cert, hash, &signer);

	if (!err)
		err = sign_file(ko, &signer);
	signer_close(&signer);
	return err;
}
