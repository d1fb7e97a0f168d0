// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Signatures with a key file and with a PKCS#11 token, checked by OpenSSL's program and against
 * what the kernel's own scripts/sign-file writes.
 */
#include <arpa/inet.h>
#include <ftw.h>
#include <klpkit/file.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <tap.h>
#include <unistd.h>

#include "run.h"
#include "sign.h"

static const char content[] = "\177ELF and then some bytes\n\r\n\0 of a module";
static const char marker[] = "~Module signature appended~\n";

static char dir[] = "/tmp/klpkit-test-sign.XXXXXX";

static const char *in_dir(const char *name)
{
	static char paths[64][256];
	static unsigned int next;
	char *path = paths[next++ % 64];

	snprintf(path, sizeof(paths[0]), "%s/%s", dir, name);
	return path;
}

static bool fine(struct error *err)
{
	if (err)
		printf("# %s\n", err->message);
	error_destroy(err);
	return !err;
}

static bool have(const char *program)
{
	char *const argv[] = {(char *)program, "--version", NULL};
	struct error *err;
	int status;

	err = run_status(argv, NULL, &status, NULL);
	error_destroy(err);
	return !err;
}

/* A self-signed certificate and its key, NAME.pem and NAME.crt, and the certificate in DER. */
static bool make_identity(const char *name)
{
	EVP_PKEY *key = EVP_RSA_gen(2048);
	X509 *cert = X509_new();
	char file[64];
	FILE *out;

	X509_set_version(cert, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(cert), 4711);
	X509_gmtime_adj(X509_getm_notBefore(cert), -3600);
	X509_gmtime_adj(X509_getm_notAfter(cert), 86400);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(cert), "CN", MBSTRING_ASC,
				   (const unsigned char *)name, -1, -1, 0);
	X509_set_issuer_name(cert, X509_get_subject_name(cert));
	X509_set_pubkey(cert, key);
	X509_sign(cert, key, EVP_sha256());
	snprintf(file, sizeof(file), "%s.pem", name);
	out = fopen(in_dir(file), "w");
	PEM_write_PKCS8PrivateKey(out, key, NULL, NULL, 0, NULL, NULL);
	fclose(out);
	snprintf(file, sizeof(file), "%s.crt", name);
	out = fopen(in_dir(file), "w");
	PEM_write_X509(out, cert);
	fclose(out);
	snprintf(file, sizeof(file), "%s.der", name);
	out = fopen(in_dir(file), "w");
	i2d_X509_fp(out, cert);
	fclose(out);
	X509_free(cert);
	EVP_PKEY_free(key);
	return !access(in_dir(file), R_OK);
}

static const char *make_module(const char *name)
{
	const char *path = in_dir(name);

	return fine(file_write(path, content, sizeof(content), 0640)) ? path : NULL;
}

/* Content first, then the message whose size stands before the marker. */
static bool split_signed(const char *path, const char *message_path)
{
	size_t size, info_at, length = strlen(marker);
	uint32_t message_size;
	bool good = false;
	char *data;

	if (!fine(file_read(path, &data, &size)))
		return false;
	info_at = size - length - 12;
	if (size > sizeof(content) + length + 12 && !memcmp(data, content, sizeof(content)) &&
	    !memcmp(data + size - length, marker, length)) {
		memcpy(&message_size, data + info_at + 8, 4);
		message_size = ntohl(message_size);
		good = !memcmp(data + info_at, "\0\0\2\0\0\0\0\0", 8) &&
		       message_size == info_at - sizeof(content) &&
		       fine(file_write(message_path, data + sizeof(content), message_size, 0644));
	}
	free(data);
	return good;
}

static bool same_files(const char *a, const char *b)
{
	char *a_data = NULL, *b_data = NULL;
	size_t a_size = 0, b_size = 0;
	bool same;

	same = fine(file_read(a, &a_data, &a_size)) && fine(file_read(b, &b_data, &b_size)) &&
	       a_size == b_size && !memcmp(a_data, b_data, a_size);
	free(a_data);
	free(b_data);
	return same;
}

static bool openssl_verifies(const char *message, const char *plain, const char *cert)
{
	char *const argv[] = {
		"openssl",   "cms",	   "-verify",	     "-binary",	   "-inform",
		"DER",	     "-in",	   (char *)message,  "-content",   (char *)plain,
		"-certfile", (char *)cert, "-CAfile",	     (char *)cert, "-purpose",
		"any",	     "-nointern",  "-no_check_time", "-out",	   "/dev/null",
		NULL};

	return fine(run_command(argv, NULL));
}

static void test_key_file(void)
{
	const char *plain = make_module("plain.ko"), *ko = make_module("a.ko");
	const char *twin = make_module("b.ko");
	struct stat st;

	ok(fine(sign_module(ko, in_dir("one.pem"), in_dir("one.crt"), "sha256")),
	   "signed with a key file");
	ok(split_signed(ko, in_dir("a.p7s")), "the trailer is the kernel's");
	ok(!stat(ko, &st) && (st.st_mode & 0777) == 0640, "the file's mode stays");
	ok(fine(sign_module(twin, in_dir("one.pem"), in_dir("one.der"), "sha256")) &&
		   same_files(ko, twin),
	   "again, with the certificate in DER: the same bytes");
	if (!have("openssl")) {
		tap_skip("no openssl program", "openssl cms -verify");
		return;
	}
	ok(openssl_verifies(in_dir("a.p7s"), plain, in_dir("one.crt")),
	   "openssl cms -verify accepts it");
	ok(!fine(file_write(in_dir("other.ko"), "other", 5, 0644)) ||
		   !openssl_verifies(in_dir("a.p7s"), in_dir("other.ko"), in_dir("one.crt")),
	   "and not for other contents");
}

/* A token with the key "one"; its library's path, or NULL. */
static const char *make_token(void)
{
	static const char *const libraries[] = {"/usr/lib/softhsm/libsofthsm2.so",
						"/usr/lib64/pkcs11/libsofthsm2.so",
						"/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"};
	char *const init[] = {"softhsm2-util", "--init-token", "--free",   "--label", "klpkit",
			      "--pin",	       "1234",	       "--so-pin", "1234",    NULL};
	char *const import[] = {"softhsm2-util", "--import", (char *)in_dir("one.pem"),
				"--token",	 "klpkit",   "--label",
				"signing",	 "--id",     "01",
				"--pin",	 "1234",     NULL};
	char config[512];

	snprintf(config, sizeof(config), "directories.tokendir = %s\nobjectstore.backend = file\n",
		 in_dir("tokens"));
	mkdir(in_dir("tokens"), 0700);
	if (!fine(file_write(in_dir("softhsm2.conf"), config, strlen(config), 0600)))
		return NULL;
	setenv("SOFTHSM2_CONF", in_dir("softhsm2.conf"), 1);
	if (!have("softhsm2-util") || !fine(run_command(init, NULL)) ||
	    !fine(run_command(import, NULL)))
		return NULL;
	for (size_t i = 0; i < sizeof(libraries) / sizeof(*libraries); i++)
		if (!access(libraries[i], R_OK))
			return libraries[i];
	return NULL;
}

static bool have_engine(const char *ko)
{
	struct error *err =
		sign_module(ko, "pkcs11:token=none;object=none", in_dir("one.crt"), "sha256");
	bool missing = err && strstr(err->message, "has no pkcs11 engine");

	error_destroy(err);
	return !missing;
}

static void test_token(void)
{
	static const char uri[] = "pkcs11:token=klpkit;object=signing;type=private";
	static const char with_pin[] =
		"pkcs11:token=klpkit;object=signing;type=private;pin-value=1234";
	const char *library = make_token(), *ko = make_module("token.ko");

	if (library)
		setenv("PKCS11_MODULE_PATH", library, 1);
	if (!library || !have_engine(ko)) {
		tap_skip("no softhsm2 or no libengine-pkcs11-openssl", "signed with a token");
		return;
	}
	ok(fine(sign_module(ko, with_pin, in_dir("one.crt"), "sha256")), "signed with a token");
	ok(same_files(ko, in_dir("a.ko")), "the same bytes as with the key file");
	setenv("KBUILD_SIGN_PIN", "1234", 1);
	ko = make_module("token2.ko");
	ok(fine(sign_module(ko, uri, in_dir("one.crt"), "sha256")) &&
		   same_files(ko, in_dir("a.ko")),
	   "and with the PIN from the environment");
	unsetenv("KBUILD_SIGN_PIN");
}

static void refuses(const char *key, const char *cert, const char *hash, const char *want)
{
	const char *ko = make_module("never.ko");
	struct error *err = sign_module(ko, key, cert, hash);

	ok(err && strstr(err->message, want), "refused: %s", want);
	if (err && !strstr(err->message, want))
		printf("# %s\n", err->message);
	error_destroy(err);
	ok(same_files(ko, in_dir("plain.ko")), "and the module is as it was");
}

static void test_refusals(void)
{
	struct error *err;

	refuses(in_dir("one.pem"), in_dir("two.crt"), "sha256", "is not that of the key");
	refuses(in_dir("none.pem"), in_dir("one.crt"), "sha256", "cannot read the signing key");
	refuses(in_dir("one.pem"), in_dir("none.crt"), "sha256",
		"cannot read the signing certificate");
	refuses(in_dir("one.crt"), in_dir("one.crt"), "sha256", "is not a private key");
	refuses(in_dir("one.pem"), in_dir("one.pem"), "sha256", "is not a certificate");
	refuses(in_dir("one.pem"), in_dir("one.crt"), "rot13", "'rot13' is not a hash");
	err = sign_module(in_dir("a.ko"), in_dir("one.pem"), in_dir("one.crt"), "sha256");
	ok(err && strstr(err->message, "signed already"), "a signed module is not signed again");
	error_destroy(err);
	err = sign_module(in_dir("no.ko"), in_dir("one.pem"), in_dir("one.crt"), "sha256");
	ok(err && strstr(err->message, "no.ko"), "a missing module is named");
	error_destroy(err);
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	return remove(path);
}

int main(void)
{
	if (!mkdtemp(dir) || !make_identity("one") || !make_identity("two"))
		return 1;
	unsetenv("KBUILD_SIGN_PIN");
	test_key_file();
	test_token();
	test_refusals();
	nftw(dir, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	return tap_done();
}
