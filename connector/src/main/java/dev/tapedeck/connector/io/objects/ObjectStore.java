package dev.tapedeck.connector.io.objects;

import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.id.KeySegment;
import dev.tapedeck.protocol.store.StoreUri;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.presigner.model.PresignedPutObjectRequest;

/**
 * The objects of recordings, in any stores that speak S3: signs uploads for media servers, looks at what they stored, and
 * reads and writes the small objects beside them. Safe for use by many threads.
 */
public final class ObjectStore implements RecordedObjects, AutoCloseable {
  private final Bucket usual;
  private final Map<String, Bucket> byApp = new TreeMap<>();

  /**
   * @param publicEndpoint where people reach the store, when that is not where servers do; a signature binds the host
   */
  public ObjectStore(StoreUri uri, Optional<String> publicEndpoint) {
    this(uri, publicEndpoint, Map.of());
  }

  /**
   * @param uri   for all apps that have no place of their own
   * @param byApp places of single apps; links to their objects lead through the connector
   */
  public ObjectStore(StoreUri uri, Optional<String> publicEndpoint, Map<String, StoreUri> byApp) {
    usual = new Bucket(uri, publicEndpoint);
    byApp.forEach((app, place) -> this.byApp.put(KeySegment.escape(app), new Bucket(place, Optional.empty())));
  }

  /**
   * What a media server needs for one upload.
   *
   * @param url     complete, with the signature in its query
   * @param headers those that are signed and must be sent as they are
   */
  public record Upload(Redacted url, Map<String, String> headers) {}

  /**
   * What the store says about an object.
   *
   * @param etag   changes whenever the bytes do; in double quotes
   * @param sha256 lower-case hex, when the store keeps it
   */
  public record Seen(long bytes, String etag, Optional<String> sha256) {}

  @Override
  public Upload presignPut(String key, long bytes, byte[] sha256, Duration validity) {
    Bucket at = of(key);
    PresignedPutObjectRequest signed = at.presigner().presignPutObject(request -> request
        .signatureDuration(validity)
        .putObjectRequest(put -> put
            .bucket(at.name())
            .key(at.keyOf(key))
            .contentLength(bytes)
            .contentType("application/octet-stream")
            .checksumSHA256(Base64.getEncoder().encodeToString(sha256))));
    Map<String, String> headers = new TreeMap<>();
    signed.signedHeaders().forEach((name, values) -> {
      if (!name.equalsIgnoreCase("host")) {
        headers.put(name.toLowerCase(java.util.Locale.ROOT), String.join(",", values));
      }
    });
    return new Upload(Redacted.of(signed.url().toString()), headers);
  }

  /** Where people reach the object's store; empty when only servers do. */
  public Optional<String> publicEndpoint(String key) {
    return of(key).publicEndpoint();
  }

  /** A link to the object for a person. Of use only where there is a {@link #publicEndpoint(String)}. */
  public Redacted presignGet(String key, Duration validity) {
    Bucket at = of(key);
    return Redacted.of(at.publicPresigner().presignGetObject(request -> request
        .signatureDuration(validity)
        .getObjectRequest(get -> get.bucket(at.name()).key(at.keyOf(key)))).url().toString());
  }

  @Override
  public Optional<Seen> head(String key) throws IOException {
    Bucket at = of(key);
    try {
      HeadObjectResponse head = at.client().headObject(request -> request
          .bucket(at.name()).key(at.keyOf(key)).checksumMode(ChecksumMode.ENABLED));
      return Optional.of(new Seen(head.contentLength(), head.eTag(), Optional.ofNullable(head.checksumSHA256())
          // A multipart object carries a hash of hashes, marked with a dash; it tells nothing about the bytes.
          .filter(checksum -> !checksum.contains("-"))
          .map(checksum -> HexFormat.of().formatHex(Base64.getDecoder().decode(checksum)))));
    } catch (S3Exception e) {
      if (e.statusCode() == 404) {
        return Optional.empty();
      }
      throw failure("look at", key, e);
    } catch (SdkException e) {
      throw failure("look at", key, e);
    }
  }

  @Override
  public String hash(String key) throws IOException {
    try (ResponseInputStream<GetObjectResponse> body = get(key, Optional.empty())) {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      new DigestInputStream(body, sha256).transferTo(java.io.OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(sha256.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /**
   * Opens the object for reading; the caller closes it.
   *
   * @param range such as {@code bytes=0-99}
   */
  public ResponseInputStream<GetObjectResponse> get(String key, Optional<String> range) throws IOException {
    Bucket at = of(key);
    try {
      return at.client().getObject(request -> request
          .bucket(at.name()).key(at.keyOf(key)).range(range.orElse(null)));
    } catch (SdkException e) {
      throw failure("read", key, e);
    }
  }

  @Override
  public byte[] read(String key) throws IOException {
    try (InputStream body = get(key, Optional.empty())) {
      return body.readAllBytes();
    }
  }

  @Override
  public void put(String key, byte[] body, String contentType) throws IOException {
    Bucket at = of(key);
    try {
      at.client().putObject(request -> request.bucket(at.name()).key(at.keyOf(key)).contentType(contentType),
          RequestBody.fromBytes(body));
    } catch (SdkException e) {
      throw failure("write", key, e);
    }
  }

  public void delete(String key) throws IOException {
    Bucket at = of(key);
    try {
      at.client().deleteObject(request -> request.bucket(at.name()).key(at.keyOf(key)));
    } catch (SdkException e) {
      throw failure("delete", key, e);
    }
  }

  /**
   * Keys under a prefix, without what the store's path adds in front of them; at most {@code limit}.
   *
   * @param prefix begins with an app; else only the place of all other apps is asked
   */
  public List<String> list(String prefix, int limit) throws IOException {
    Bucket at = of(prefix);
    try {
      return at.client().listObjectsV2Paginator(request -> request.bucket(at.name()).prefix(at.keyOf(prefix)))
          .contents().stream().limit(limit).map(object -> at.keyWithout(object.key())).toList();
    } catch (SdkException e) {
      throw failure("list", prefix, e);
    }
  }

  /** Takes one object of a listing. */
  public interface Lister {
    void see(String key, long bytes) throws IOException;
  }

  /**
   * Shows every object under a prefix in the order of the keys' bytes, one page in memory at a time.
   *
   * @param prefix begins with an app; else only the place of all other apps is asked
   */
  public void forEach(String prefix, Lister lister) throws IOException {
    Bucket at = of(prefix);
    try {
      for (S3Object object : at.client().listObjectsV2Paginator(
          request -> request.bucket(at.name()).prefix(at.keyOf(prefix))).contents()) {
        lister.see(at.keyWithout(object.key()), object.size());
      }
    } catch (SdkException e) {
      throw failure("list", prefix, e);
    }
  }

  @Override
  public void close() {
    usual.close();
    byApp.values().forEach(Bucket::close);
  }

  /** Every key begins with its app. */
  private Bucket of(String key) {
    int slash = key.indexOf('/');
    return slash < 0 ? usual : byApp.getOrDefault(key.substring(0, slash), usual);
  }

  private ObjectStoreException failure(String verb, String key, SdkException e) {
    if (e instanceof S3Exception s3) {
      String code = s3.awsErrorDetails() == null ? "" : " " + s3.awsErrorDetails().errorCode();
      return new ObjectStoreException(
          "cannot " + verb + " " + key + " in " + of(key) + ": " + s3.statusCode() + code + " from store", s3.statusCode(), e);
    }
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String reason = root.getClass().getSimpleName() + (root.getMessage() == null ? "" : ": " + root.getMessage());
    return new ObjectStoreException("cannot " + verb + " " + key + " in " + of(key) + ": " + reason, 0, e);
  }
}
