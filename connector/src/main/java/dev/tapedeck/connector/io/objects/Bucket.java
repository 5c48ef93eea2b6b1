package dev.tapedeck.connector.io.objects;

import dev.tapedeck.protocol.store.StoreUri;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** One place for objects, and what reaches it with its keys. */
final class Bucket implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(30);

  private final StoreUri uri;
  private final Optional<String> publicEndpoint;
  private final S3Client client;
  private final S3Presigner presigner;
  private final S3Presigner publicPresigner;

  Bucket(StoreUri uri, Optional<String> publicEndpoint) {
    this.uri = uri;
    this.publicEndpoint = publicEndpoint;
    StaticCredentialsProvider keys = StaticCredentialsProvider.create(
        AwsBasicCredentials.create(uri.accessKey().reveal(), uri.secretKey().reveal()));
    client = S3Client.builder()
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
    presigner = presigner(uri, uri.endpoint(), keys);
    publicPresigner = presigner(uri, publicEndpoint.orElse(uri.endpoint()), keys);
  }

  S3Client client() {
    return client;
  }

  S3Presigner presigner() {
    return presigner;
  }

  /** Signs for the host people know. */
  S3Presigner publicPresigner() {
    return publicPresigner;
  }

  Optional<String> publicEndpoint() {
    return publicEndpoint;
  }

  String name() {
    return uri.bucket();
  }

  String keyOf(String key) {
    return uri.keyOf(key);
  }

  /** The inverse of {@link #keyOf}. */
  String keyWithout(String keyInBucket) {
    return keyInBucket.substring(uri.path().length());
  }

  /** The place, without its keys. */
  @Override
  public String toString() {
    return uri.toString();
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
}
