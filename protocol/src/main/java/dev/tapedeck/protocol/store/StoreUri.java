package dev.tapedeck.protocol.store;

import dev.tapedeck.protocol.config.Redacted;

/**
 * Where objects live: {@code http://user:password@host:port/bucket/path?path_style=true&region=us-east-1}. User and
 * password are the access key and the secret key; each part may be percent-encoded (RFC 3986 §2.1).
 *
 * @param scheme    http or https
 * @param host      name or address; an IPv6 address in brackets
 * @param port      1 to 65535; 80 or 443 when the URI names none
 * @param bucket    3 to 63 characters of a-z 0-9 . -
 * @param path      prefix of every key, "" or ending in "/", never beginning with it
 * @param pathStyle whether the bucket stands in the path ({@code host/bucket}) or in the name ({@code bucket.host}).
 *                  Without {@code path_style} it is true where the host is an address or localhost, which can have no
 *                  bucket in its name, and false elsewhere
 */
public record StoreUri(
    String scheme,
    String host,
    int port,
    String bucket,
    String path,
    Redacted accessKey,
    Redacted secretKey,
    String region,
    boolean pathStyle) {
  public static final String DEFAULT_REGION = "us-east-1";

  /** Whether a text that may be a folder as well is meant as a URI, a right or a wrong one such as {@code s3://bucket}. */
  public static boolean isMeantBy(String text) {
    return text.contains("://");
  }

  /** @throws StoreUriException saying what to change */
  public static StoreUri parse(String text) throws StoreUriException {
    return new StoreUriParser(text).parse();
  }

  /** Scheme, host and port, as clients of the store need it. */
  public String endpoint() {
    boolean isDefaultPort = port == StoreUriParser.defaultPort(scheme);
    return scheme + "://" + host + (isDefaultPort ? "" : ":" + port);
  }

  /** The object's full key in the bucket. @param key key within this place, as manifests name it */
  public String keyOf(String key) {
    return path + key;
  }

  /** The place without its keys, for logs and messages. */
  @Override
  public String toString() {
    return endpoint() + "/" + bucket + "/" + path + "?path_style=" + pathStyle + "&region=" + region;
  }
}
