package dev.tapedeck.bench.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;

/** Publishes by WHIP (RFC 9725). */
public final class WhipClient extends SignalingClient {
  public WhipClient(HttpClient http, URI server, String token) {
    super(http, server, token);
  }

  /** {@code POST /whip/endpoint}. @return the answer's SDP; the resource's address and ETag are kept */
  public String publish(String offerSdp) throws IOException {
    return create("/whip/endpoint", offerSdp);
  }
}
