package dev.tapedeck.media;

import dev.tapedeck.media.core.sctp.SctpLimits;
import dev.tapedeck.protocol.config.ByteSize;
import dev.tapedeck.protocol.config.Ranges;
import dev.tapedeck.protocol.config.Setting;

/** {@code sctp.*}: what one session's data channels may hold. */
public record SctpSettings(
    @Setting(value = "256KiB", help = "Longest message a client may send, as our answer says; a longer one ends its"
        + " data channels. 16 KiB to 64 MiB.")
    ByteSize messageSize,
    @Setting(value = "1MiB", help = "Messages to one client that wait to be acknowledged; what comes beyond is"
        + " dropped and counted. 64 KiB to 1 GiB.")
    ByteSize sendBuffer,
    @Setting(value = "1MiB", help = "Parts of messages of one client that wait for the rest, 64 KiB to 1 GiB.")
    ByteSize receiveBuffer,
    @Setting(value = "128", help = "Data channels of one client at a time, 1 to 65535.") int channels) {
  public SctpSettings {
    ByteSize gibibyte = ByteSize.ofMebibytes(1024);
    ByteSize least = new ByteSize(64 << 10);
    new Ranges()
        .within("message-size", messageSize, new ByteSize(16 << 10), ByteSize.ofMebibytes(64))
        .within("send-buffer", sendBuffer, least, gibibyte)
        .within("receive-buffer", receiveBuffer, least, gibibyte)
        .within("channels", channels, 1, 0xFFFF)
        .check();
  }

  /** The same with all that is not for operators to choose. */
  public SctpLimits limits() {
    SctpLimits usual = SctpLimits.defaults();
    return new SctpLimits(usual.maxPacketBytes(), Math.toIntExact(messageSize.bytes()),
        Math.toIntExact(sendBuffer.bytes()), Math.toIntExact(receiveBuffer.bytes()),
        Math.max(usual.maxStreams(), channels), channels, usual.maxNameBytes(), usual.bufferedLowBytes());
  }
}
