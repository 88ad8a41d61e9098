// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.view;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.nodeqos.app.view.QueryParameters.BadRequest;
import io.nodeqos.history.HistoryPage;
import io.nodeqos.history.HistoryQuery;
import io.nodeqos.history.HistoryStore;
import io.nodeqos.history.TransitionJson;
import io.nodeqos.http.Endpoint;
import io.nodeqos.http.Request;
import io.nodeqos.http.Response;
import io.nodeqos.text.HistoryText;
import io.nodeqos.time.TimeSource;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/** The answer of {@code /history}: the transitions of one node, or of all, the newest last. */
public final class HistoryView implements Endpoint {
  private static final Set<String> PARAMETERS = Set.of("node", "since", "limit", "before");

  private final Optional<HistoryStore> history;
  private final TimeSource time;
  private final Gson gson = new GsonBuilder().disableHtmlEscaping().setPrettyPrinting().create();

  /**
   * @param history empty when it is disabled
   */
  public HistoryView(Optional<HistoryStore> history, TimeSource time) {
    this.history = history;
    this.time = time;
  }

  @Override
  public Response answer(Request request) throws InterruptedException {
    if (history.isEmpty()) {
      return QueryParameters.error(404, "There is no history: history.enabled is false.");
    }
    try {
      JsonObject page = json(history.get().page(query(request)));
      return Rendering.isText(request)
          ? Rendering.text(
              request, format -> HistoryText.lines(page.getAsJsonArray("transitions"), format))
          : Response.json(gson.toJson(page) + "\n");
    } catch (BadRequest bad) {
      return bad.response();
    } catch (TimeoutException busy) {
      return QueryParameters.error(503, "The history is not available now: " + busy.getMessage())
          .with("Retry-After", "5");
    }
  }

  private HistoryQuery query(Request request) throws BadRequest {
    QueryParameters query = QueryParameters.of(request, PARAMETERS);
    return new HistoryQuery(
        query.text("node"),
        query.since(time.wallTime()).orElse(Instant.EPOCH),
        query.number("before", 1, Long.MAX_VALUE, Long.MAX_VALUE),
        (int) query.number("limit", 1, HistoryQuery.MAX_LIMIT, HistoryQuery.DEFAULT_LIMIT));
  }

  private JsonObject json(HistoryPage page) {
    JsonObject json = new JsonObject();
    JsonArray transitions = new JsonArray();
    page.transitions().forEach(t -> transitions.add(TransitionJson.of(t)));
    json.add("transitions", transitions);
    json.addProperty("degraded", history.get().isDegraded());
    if (page.before() > 0) {
      json.addProperty("before", page.before());
    }
    return json;
  }
}
