package dev.tapedeck.connector.io.objects;

import dev.tapedeck.protocol.config.Redacted;
import dev.tapedeck.protocol.store.StoreUri;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
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
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.s3.presigner.model.PresignedPutObjectRequest;

/**
 * The objects of recordings, in any store that speaks S3: signs uploads for media servers, looks at what they stored, and
 * reads and writes the small objects beside them. Safe for use by many threads.
 */
public final class ObjectStore implements RecordedObjects, AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(30);

  private final StoreUri uri;
  private final S3Client client;
  private final S3Presigner presigner;
  private final S3Presigner publicPresigner;
  private final Optional<String> publicEndpoint;

  /**
   * @param publicEndpoint where people reach the store, when that is not where servers do; a signature binds the host
   */
  public ObjectStore(StoreUri uri, Optional<String> publicEndpoint) {
    this.uri = uri;
    this.publicEndpoint = publicEndpoint;
    StaticCredentialsProvider keys = StaticCredentialsProvider.create(
        AwsBasicCredentials.create(uri.accessKey().reveal(), uri.secretKey().reveal()));
    this.client = S3Client.builder()
        .endpointOverride(URI.create(uri.endpoint()))
        .region(Region.of(uri.region()))
        .forcePathStyle(uri.pathStyle())
        .credentialsProvider(keys)
        // Stores other than Amazon's do not all know the newer default checksums.
        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
        .httpClientBuilder(UrlConnectionHttpClient.builder()
            .connectionTimeout(CONNECT_TIMEOUT).socketTimeout(READ_TIMEOUT))
        .build();
    this.presigner = presigner(uri, uri.endpoint(), keys);
    this.publicPresigner = presigner(uri, publicEndpoint.orElse(uri.endpoint()), keys);
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
    PresignedPutObjectRequest signed = presigner.presignPutObject(request -> request
        .signatureDuration(validity)
        .putObjectRequest(put -> put
            .bucket(uri.bucket())
            .key(uri.keyOf(key))
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

  /** Where people reach the store; empty when only servers do. */
  public Optional<String> publicEndpoint() {
    return publicEndpoint;
  }

  /** A link to the object for a person. Of use only where there is a {@link #publicEndpoint}. */
  public Redacted presignGet(String key, Duration validity) {
    return Redacted.of(publicPresigner.presignGetObject(request -> request
        .signatureDuration(validity)
        .getObjectRequest(get -> get.bucket(uri.bucket()).key(uri.keyOf(key)))).url().toString());
  }

  @Override
  public Optional<Seen> head(String key) throws IOException {
    try {
      HeadObjectResponse head = client.headObject(request -> request
          .bucket(uri.bucket()).key(uri.keyOf(key)).checksumMode(ChecksumMode.ENABLED));
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
    try {
      return client.getObject(request -> request
          .bucket(uri.bucket()).key(uri.keyOf(key)).range(range.orElse(null)));
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
    try {
      client.putObject(request -> request.bucket(uri.bucket()).key(uri.keyOf(key)).contentType(contentType),
          RequestBody.fromBytes(body));
    } catch (SdkException e) {
      throw failure("write", key, e);
    }
  }

  public void delete(String key) throws IOException {
    try {
      client.deleteObject(request -> request.bucket(uri.bucket()).key(uri.keyOf(key)));
    } catch (SdkException e) {
      throw failure("delete", key, e);
    }
  }

  /** Keys under a prefix, without what the store's path adds in front of them; at most {@code limit}. */
  public List<String> list(String prefix, int limit) throws IOException {
    try {
      return client.listObjectsV2Paginator(request -> request.bucket(uri.bucket()).prefix(uri.keyOf(prefix)))
          .contents().stream().limit(limit).map(object -> object.key().substring(uri.path().length())).toList();
    } catch (SdkException e) {
      throw failure("list", prefix, e);
    }
  }

  @Override
  public void close() {
    client.close();
    presigner.close();
    publicPresigner.close();
  }

  private static S3Presigner presigner(StoreUri uri, String endpoint, StaticCredentialsProvider keys) {
    return S3Presigner.builder()
        .endpointOverride(URI.create(endpoint))
        .region(Region.of(uri.region()))
        .serviceConfiguration(S3Configuration.builder().pathStyleAccessEnabled(uri.pathStyle()).build())
        .credentialsProvider(keys)
        .build();
  }

  private ObjectStoreException failure(String verb, String key, SdkException e) {
    if (e instanceof S3Exception s3) {
      String code = s3.awsErrorDetails() == null ? "" : " " + s3.awsErrorDetails().errorCode();
      return new ObjectStoreException(
          "cannot " + verb + " " + key + " in " + uri + ": " + s3.statusCode() + code + " from store", s3.statusCode(), e);
    }
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String reason = root.getClass().getSimpleName() + (root.getMessage() == null ? "" : ": " + root.getMessage());
    return new ObjectStoreException("cannot " + verb + " " + key + " in " + uri + ": " + reason, 0, e);
  }
}
