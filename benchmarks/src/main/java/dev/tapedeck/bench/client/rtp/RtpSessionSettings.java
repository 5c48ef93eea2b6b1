package dev.tapedeck.bench.client.rtp;

/**
 * How a client behaves as a receiver.
 *
 * @param cname                  canonical name in RTCP
 * @param repairs                true to ask for missing packets by NACK
 * @param sendsTransportFeedback true to answer with transport-wide feedback where negotiated
 * @param decryptOneIn           1 to decrypt, order and deliver every packet; N &gt; 1 to count packets by their clear
 *                               headers and decrypt one in N as a sample, for load without load on the client
 */
public record RtpSessionSettings(String cname, boolean repairs, boolean sendsTransportFeedback, int decryptOneIn) {
  public RtpSessionSettings {
    if (decryptOneIn < 1) {
      throw new IllegalArgumentException("decryptOneIn is " + decryptOneIn + ", must be 1 or more");
    }
  }

  boolean onlyCounts() {
    return decryptOneIn > 1;
  }
}
