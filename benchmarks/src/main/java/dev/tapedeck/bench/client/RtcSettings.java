package dev.tapedeck.bench.client;

import dev.tapedeck.bench.client.ice.LocalAddresses;
import dev.tapedeck.bench.client.net.Impairment;
import dev.tapedeck.bench.client.rtp.RtpSessionSettings;
import dev.tapedeck.bench.client.srtp.SrtpProtection;
import java.net.InetAddress;
import java.util.List;

/**
 * How one connection of a client behaves.
 *
 * @param localAddresses host candidates; each costs one socket and one thread of ice4j
 * @param protections    SRTP profiles in the order of the offer; a list of one forces it
 * @param inbound        what the network does to datagrams that arrive
 * @param outbound       what it does to those that leave
 * @param rtp            behaviour as a receiver
 * @param keepsSentLog   true to remember each packet sent, false to count them only
 * @param seed           of SSRCs and first sequence numbers
 */
public record RtcSettings(List<InetAddress> localAddresses, List<SrtpProtection> protections, Impairment inbound,
    Impairment outbound, RtpSessionSettings rtp, boolean keepsSentLog, long seed) {
  public RtcSettings {
    localAddresses = List.copyOf(localAddresses);
    protections = List.copyOf(protections);
  }

  /** A well-behaved client on a perfect network, with the profile order of Chromium. */
  public static RtcSettings usual(String cname, long seed) {
    return new RtcSettings(LocalAddresses.loopbackAndInterface(),
        List.of(SrtpProtection.AES128_CM_HMAC_SHA1_80, SrtpProtection.AEAD_AES_128_GCM), Impairment.NONE,
        Impairment.NONE, new RtpSessionSettings(cname, true, true, 1), true, seed);
  }

  public String cname() {
    return rtp.cname();
  }

  public RtcSettings withNetwork(Impairment newInbound, Impairment newOutbound) {
    return new RtcSettings(localAddresses, protections, newInbound, newOutbound, rtp, keepsSentLog, seed);
  }

  public RtcSettings withProtections(List<SrtpProtection> order) {
    return new RtcSettings(localAddresses, order, inbound, outbound, rtp, keepsSentLog, seed);
  }

  public RtcSettings withLocalAddresses(List<InetAddress> addresses) {
    return new RtcSettings(addresses, protections, inbound, outbound, rtp, keepsSentLog, seed);
  }

  public RtcSettings withRtp(RtpSessionSettings behaviour) {
    return new RtcSettings(localAddresses, protections, inbound, outbound, behaviour, keepsSentLog, seed);
  }

  /** For load that nobody compares packet by packet: a log of all of it would fill the memory. */
  public RtcSettings withoutSentLog() {
    return new RtcSettings(localAddresses, protections, inbound, outbound, rtp, false, seed);
  }
}
