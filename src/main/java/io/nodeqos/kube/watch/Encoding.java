// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.watch;

import io.nodeqos.kube.client.Unreachable;
import io.nodeqos.kube.wire.MalformedAnswerException;
import io.nodeqos.kube.wire.ProtobufEnvelope;
import io.nodeqos.kube.wire.ProtobufMessage;
import io.nodeqos.kube.wire.RecentTexts;
import io.nodeqos.kube.wire.UnknownFieldException;
import io.nodeqos.time.TimeSource;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The encoding of a source: protobuf, as in the Go clients, where codec and server support it; else
 * JSON. The media type of the answer decides, so that a server or a proxy that supports only JSON
 * works. For one thread.
 */
public final class Encoding<V> {
  private static final Logger LOG = LoggerFactory.getLogger(Encoding.class);

  private static final String ACCEPT = ProtobufEnvelope.MEDIA_TYPE + ",application/json";
  private static final Duration JSON_AFTER_MALFORMED = Duration.ofHours(1);

  private final CacheSource<V> source;
  private final TimeSource time;
  private final RecentTexts texts = new RecentTexts();
  private boolean jsonOnly;
  private OptionalLong jsonSince = OptionalLong.empty();
  private boolean lastWasProtobuf;
  private int earlyEnds;

  public Encoding(CacheSource<V> source, TimeSource time) {
    this.source = source;
    this.time = time;
  }

  /** The Accept header of the supported encodings. */
  public Request accepting(Request.Builder request) {
    lastWasProtobuf = false;
    if (asksForProtobuf()) {
      request.header("Accept", ACCEPT);
    }
    return request.build();
  }

  /** How to read the objects in this answer; empty when it is not protobuf. */
  Optional<ProtobufMessage> protobufOf(ResponseBody body) throws IOException {
    lastWasProtobuf = ProtobufEnvelope.isIn(body);
    if (!lastWasProtobuf) {
      return Optional.empty();
    }
    Optional<ProtobufMessage> message = source.codec().protobuf();
    if (message.isEmpty()) {
      throw new MalformedAnswerException("protobuf, which was not requested");
    }
    return message;
  }

  /**
   * Reads a watch that was opened.
   *
   * @param known the objects of the cache that the events are for
   */
  public WatchStream<V> watch(Response response, Known<V> known) throws IOException {
    Optional<ProtobufMessage> message = protobufOf(response.body());
    return message.isPresent()
        ? new ProtobufWatchStream<>(response, source.codec(), message.get(), texts, known)
        : new JsonWatchStream<>(response, source.codec());
  }

  /** The texts of the objects that were read. */
  RecentTexts texts() {
    return texts;
  }

  /** A list or an event was decoded. */
  public void understood() {
    earlyEnds = 0;
  }

  /**
   * After a failure: switches to JSON when that may help. For ever, when protobuf cannot carry a
   * field of the object; for an hour, when an answer was malformed, or two in a row ended early: a
   * proxy in between may change bytes, and may be repaired.
   *
   * @return false when JSON does not help, or is in use already
   */
  public boolean fallBack(Exception why) {
    if (!asksForProtobuf()) {
      return false;
    }
    if (why instanceof UnknownFieldException) {
      jsonOnly = true;
      LOG.info("Reading {} as JSON from now on: {}", source.describe(), why.getMessage());
      return true;
    }
    if (!lastWasProtobuf || !isMalformed(why)) {
      return false;
    }
    jsonSince = OptionalLong.of(time.nanos());
    LOG.warn(
        "Reading {} as JSON for an hour, protobuf was malformed: {}",
        source.describe(),
        Unreachable.clause(why));
    return true;
  }

  private boolean isMalformed(Exception why) {
    if (why instanceof EOFException) {
      earlyEnds++;
      return earlyEnds > 1;
    }
    return why instanceof MalformedAnswerException || why instanceof RuntimeException;
  }

  private boolean asksForProtobuf() {
    return !jsonOnly
        && source.codec().protobuf().isPresent()
        && (jsonSince.isEmpty()
            || time.since(jsonSince.getAsLong()).compareTo(JSON_AFTER_MALFORMED) >= 0);
  }
}
