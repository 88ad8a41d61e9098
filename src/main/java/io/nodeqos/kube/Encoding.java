// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube;

import java.io.IOException;
import java.util.Optional;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * In which encoding a source is read: protobuf, as by the Go clients, where its codec can and the
 * server does; else JSON. What an answer says of itself decides, so that a server or a proxy that
 * knows JSON only is understood. For one thread.
 */
final class Encoding<V> {
  private static final Logger LOG = LoggerFactory.getLogger(Encoding.class);

  private static final String SUBTYPE = "vnd.kubernetes.protobuf";
  private static final String ACCEPT = "application/" + SUBTYPE + ",application/json";

  private final CacheSource<V> source;
  private boolean jsonOnly;

  Encoding(CacheSource<V> source) {
    this.source = source;
  }

  /** True when the body says that it is protobuf. */
  static boolean isProtobuf(ResponseBody body) {
    MediaType type = body.contentType();
    return type != null && type.type().equals("application") && type.subtype().equals(SUBTYPE);
  }

  /** Asks for what can be read. */
  Request accepting(Request.Builder request) {
    if (!jsonOnly && source.codec().protobuf().isPresent()) {
      request.header("Accept", ACCEPT);
    }
    return request.build();
  }

  /** How to read the objects in this answer; empty when it is not protobuf. */
  Optional<ProtobufMessage> protobufOf(ResponseBody body) throws IOException {
    if (!isProtobuf(body)) {
      return Optional.empty();
    }
    Optional<ProtobufMessage> message = source.codec().protobuf();
    if (message.isEmpty()) {
      throw new MalformedAnswerException("protobuf, which was not asked for");
    }
    return message;
  }

  /** Reads a watch that was opened. */
  WatchStream<V> watch(Response response) throws IOException {
    Optional<ProtobufMessage> message = protobufOf(response.body());
    return message.isPresent()
        ? new ProtobufWatchStream<>(response, source.codec(), message.get())
        : new JsonWatchStream<>(response, source.codec());
  }

  /**
   * After what protobuf cannot carry: from now on JSON is asked for.
   *
   * @return false when it was asked for already, so that asking again at once would not help
   */
  boolean fallBack(UnknownFieldException why) {
    if (jsonOnly) {
      return false;
    }
    jsonOnly = true;
    LOG.info("The {} are read as JSON from now on: {}.", source.describe(), why.getMessage());
    return true;
  }
}
