package dev.tapedeck.media.io.store;

import dev.tapedeck.media.io.spool.PresignedPut;
import dev.tapedeck.protocol.store.StoreUri;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.s3.presigner.model.PresignedPutObjectRequest;

/** Signs uploads to one bucket with the keys of its {@link StoreUri}. Safe for many threads. */
public final class PutSigner implements AutoCloseable {
  private static final Duration VALIDITY = Duration.ofMinutes(15);

  private final StoreUri place;
  private final S3Presigner presigner;

  public PutSigner(StoreUri place) {
    this.place = place;
    presigner = S3Presigner.builder()
        .endpointOverride(URI.create(place.endpoint()))
        .region(Region.of(place.region()))
        .serviceConfiguration(S3Configuration.builder().pathStyleAccessEnabled(place.pathStyle()).build())
        .credentialsProvider(StaticCredentialsProvider.create(
            AwsBasicCredentials.create(place.accessKey().reveal(), place.secretKey().reveal())))
        .build();
  }

  /**
   * Leave to put exactly these bytes, for 15 minutes.
   *
   * @param key    within the place
   * @param sha256 32 bytes
   */
  public PresignedPut sign(String key, long bytes, byte[] sha256) {
    PresignedPutObjectRequest signed = presigner.presignPutObject(request -> request
        .signatureDuration(VALIDITY)
        .putObjectRequest(put -> put.bucket(place.bucket()).key(place.keyOf(key)).contentLength(bytes)
            .contentType("application/octet-stream").checksumSHA256(Base64.getEncoder().encodeToString(sha256))));
    Map<String, String> headers = signed.signedHeaders().entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, header -> String.join(",", header.getValue())));
    return new PresignedPut(URI.create(signed.url().toString()), headers);
  }

  /** The place, without its keys. */
  @Override
  public String toString() {
    return place.toString();
  }

  @Override
  public void close() {
    presigner.close();
  }
}
