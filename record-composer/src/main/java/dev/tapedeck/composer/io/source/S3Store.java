package dev.tapedeck.composer.io.source;

import dev.tapedeck.protocol.store.StoreUri;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A bucket with a prefix, reached with the credentials of a {@link StoreUri}. Safe for several threads. */
public final class S3Store implements ObjectStore {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(60);

  private final StoreUri place;
  private final S3Client client;

  public S3Store(StoreUri place) {
    this.place = place;
    this.client = S3Client.builder()
        .endpointOverride(URI.create(place.endpoint()))
        .region(Region.of(place.region()))
        .forcePathStyle(place.pathStyle())
        .credentialsProvider(StaticCredentialsProvider.create(
            AwsBasicCredentials.create(place.accessKey().reveal(), place.secretKey().reveal())))
        .httpClientBuilder(UrlConnectionHttpClient.builder()
            .connectionTimeout(CONNECT_TIMEOUT).socketTimeout(READ_TIMEOUT))
        // Stores that are not AWS know the checksums of S3 only partly; ours are in manifest and chunk.
        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
        .build();
  }

  @Override
  public InputStream open(String key) throws IOException {
    try {
      return client.getObject(request -> request.bucket(place.bucket()).key(place.keyOf(key)));
    } catch (NoSuchKeyException | NoSuchBucketException e) {
      throw (IOException) new FileNotFoundException(describe(key)).initCause(e);
    } catch (SdkException e) {
      throw failed("read", key, e);
    }
  }

  @Override
  public List<String> list(String prefix) throws IOException {
    try {
      return client.listObjectsV2Paginator(request -> request.bucket(place.bucket()).prefix(place.keyOf(prefix)))
          .contents().stream()
          .map(S3Object::key)
          .map(key -> key.substring(place.path().length()))
          .toList();
    } catch (SdkException e) {
      throw failed("list", prefix, e);
    }
  }

  @Override
  public void put(String key, Path file, String contentType) throws IOException {
    try {
      client.putObject(request -> request.bucket(place.bucket()).key(place.keyOf(key)).contentType(contentType),
          RequestBody.fromFile(file));
    } catch (SdkException e) {
      throw failed("store", key, e);
    }
  }

  @Override
  public String describe(String key) {
    return "s3://" + place.bucket() + "/" + place.keyOf(key);
  }

  @Override
  public void close() {
    client.close();
  }

  // The SDK's messages name endpoint, bucket and status, never the secret key.
  private IOException failed(String verb, String key, SdkException cause) {
    return new IOException("cannot " + verb + " " + describe(key) + " at " + place.endpoint() + ": "
        + cause.getMessage(), cause);
  }
}
