// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.watch;

import io.nodeqos.kube.client.ApiEndpoint;
import io.nodeqos.kube.client.ApiFailure;
import io.nodeqos.kube.client.ApiRefusal;
import io.nodeqos.kube.codec.SlimObject;
import io.nodeqos.kube.wire.JsonTolerantReader;
import io.nodeqos.kube.wire.MalformedAnswerException;
import io.nodeqos.kube.wire.ProtobufList;
import io.nodeqos.kube.wire.ProtobufMessage;
import io.nodeqos.kube.wire.ProtobufSource;
import io.nodeqos.kube.wire.TolerantReader;
import io.nodeqos.time.TimeSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;

/**
 * Reads one complete list, page by page, decoding while it arrives. All or nothing: a failure of
 * any page throws, so that a part is never mistaken for the whole.
 */
public final class ListPager<V> {
  /** Receives each call, so that another thread can cancel it. */
  public interface CallHolder {
    void hold(Call call) throws IOException;
  }

  /** Receives the objects as they are decoded. */
  public interface Sink<V> {
    /** A list starts: the objects received before do not count. */
    void restart() throws IOException;

    void add(SlimObject<V> item) throws IOException;
  }

  private final ApiEndpoint api;
  private final OkHttpClient http;
  private final CacheSource<V> source;
  private final Encoding<V> encoding;
  private final int pageLimit;
  private final TimeSource time;

  public ListPager(
      ApiEndpoint api,
      OkHttpClient http,
      CacheSource<V> source,
      Encoding<V> encoding,
      int pageLimit,
      TimeSource time) {
    this.api = api;
    this.http = http;
    this.source = source;
    this.encoding = encoding;
    this.pageLimit = pageLimit;
    this.time = time;
  }

  /**
   * Lists everything.
   *
   * <p>The request has no resourceVersion, which makes it a consistent read: an answer from a
   * lagging cache (version 0) could show a new leader an old state of the cluster, and could not be
   * paged.
   */
  public SlimList<V> list(CallHolder holder) throws IOException {
    List<SlimObject<V>> items = new ArrayList<>();
    String resourceVersion =
        read(
            holder,
            new Sink<>() {
              @Override
              public void restart() {
                items.clear();
              }

              @Override
              public void add(SlimObject<V> item) {
                items.add(item);
              }
            });
    return new SlimList<>(resourceVersion, items);
  }

  /**
   * Lists everything without keeping it.
   *
   * @return the version of the list
   * @throws IOException when any page fails; the objects received so far do not count then
   */
  String read(CallHolder holder, Sink<V> sink) throws IOException {
    try {
      return read(holder, sink, pageLimit);
    } catch (ApiRefusal refusal) {
      if (!refusal.failure().gone()) {
        throw refusal;
      }
      // The snapshot was compacted during paging. The server's offer to go on with a newer one
      // would mix two states; a second list from the start, in one page, cannot expire.
      return read(holder, sink, 0);
    }
  }

  private String read(CallHolder holder, Sink<V> sink, int limit) throws IOException {
    sink.restart();
    Page page = new Page(sink);
    String resourceVersion = "";
    do {
      Map<String, String> query = new HashMap<>(source.query());
      if (limit > 0) {
        query.put("limit", Integer.toString(limit));
      }
      if (!page.next.isEmpty()) {
        query.put("continue", page.next);
      }
      Request request = encoding.accepting(api.request(source.path(), query));
      page.read(http.newCall(request), holder);
      if (resourceVersion.isEmpty()) {
        resourceVersion = page.resourceVersion;
      }
    } while (!page.next.isEmpty());
    return resourceVersion;
  }

  private final class Page implements ProtobufList.Content {
    private final Sink<V> sink;
    private String next = "";
    private String resourceVersion = "";
    private boolean hasItems;

    Page(Sink<V> sink) {
      this.sink = sink;
    }

    void read(Call call, CallHolder holder) throws IOException {
      holder.hold(call);
      next = "";
      resourceVersion = "";
      hasItems = false;
      try (Response response = call.execute()) {
        if (!response.isSuccessful()) {
          throw new ApiRefusal(ApiFailure.of(response, time));
        }
        read(response.body());
      }
      if (resourceVersion.isEmpty() || !hasItems) {
        throw new MalformedAnswerException("a list without version or items");
      }
    }

    private void read(ResponseBody body) throws IOException {
      Optional<ProtobufMessage> message = encoding.protobufOf(body);
      if (message.isPresent()) {
        // A list without items has no such field here, but its kind shows that it is a list.
        hasItems = true;
        new ProtobufList(new ProtobufSource(body.source()), message.get(), encoding.texts(), this)
            .read();
      } else {
        readJson(new JsonTolerantReader(body.charStream()));
      }
    }

    private void readJson(TolerantReader in) throws IOException {
      in.requiredObject(
          "a list",
          field -> {
            switch (field) {
              case "metadata" -> metadata(in);
              case "items" -> {
                hasItems = true;
                in.array(() -> item(in));
              }
              default -> in.skip();
            }
          });
    }

    @Override
    public void item(TolerantReader in) throws IOException {
      sink.add(source.codec().decode(in));
    }

    @Override
    public void metadata(TolerantReader in) throws IOException {
      in.object(field -> metadata(in, field));
    }

    private void metadata(TolerantReader in, String field) throws IOException {
      switch (field) {
        case "resourceVersion" -> resourceVersion = in.string();
        case "continue" -> next = in.string();
        default -> in.skip();
      }
    }
  }
}
