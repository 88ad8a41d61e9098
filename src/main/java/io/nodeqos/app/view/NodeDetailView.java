// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.view;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParser;
import io.nodeqos.app.view.QueryParameters.BadRequest;
import io.nodeqos.gate.GateCheck;
import io.nodeqos.gate.Gates.Verdict;
import io.nodeqos.history.HistoryQuery;
import io.nodeqos.history.HistoryStore;
import io.nodeqos.history.TransitionJson;
import io.nodeqos.http.Endpoint;
import io.nodeqos.http.Request;
import io.nodeqos.http.Response;
import io.nodeqos.node.Keys;
import io.nodeqos.node.NodeMemory;
import io.nodeqos.node.plan.NodePhase;
import io.nodeqos.queue.KeyState;
import io.nodeqos.reconcile.fleet.NodeWrites;
import io.nodeqos.reconcile.node.NodeInspector;
import io.nodeqos.reconcile.node.NodeInspector.Detail;
import io.nodeqos.text.NodeText;
import io.nodeqos.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** The answer of {@code /snapshot?node=NAME}: the full state of one node in this replica. */
public final class NodeDetailView implements Endpoint {
  private static final int LAST_TRANSITIONS = 10;

  private final NodeInspector inspector;
  private final Function<String, KeyState> queue;
  private final Optional<HistoryStore> history;
  private final TimeSource time;
  private final Gson gson = new GsonBuilder().disableHtmlEscaping().setPrettyPrinting().create();

  public NodeDetailView(
      NodeInspector inspector,
      Function<String, KeyState> queue,
      Optional<HistoryStore> history,
      TimeSource time) {
    this.time = time;
    this.inspector = inspector;
    this.queue = queue;
    this.history = history;
  }

  @Override
  public Response answer(Request request) throws InterruptedException {
    String node;
    try {
      node = QueryParameters.of(request, Set.of("node")).text("node");
    } catch (BadRequest bad) {
      return bad.response();
    }
    Optional<Detail> detail = inspector.inspect(node);
    if (detail.isEmpty()) {
      return QueryParameters.error(404, "There is no node \"" + node + "\" in the cache.");
    }
    String json = gson.toJson(json(detail.get()));
    return Rendering.isText(request)
        ? Rendering.text(
            request,
            format ->
                NodeText.lines(
                    JsonParser.parseString(json).getAsJsonObject(), time.wallTime(), format))
        : Response.json(json + "\n");
  }

  private Map<String, Object> json(Detail d) throws InterruptedException {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("node", d.node().name());
    json.put("uid", d.node().meta().uid());
    json.put("resourceVersion", d.node().meta().resourceVersion());
    json.put("phase", d.phase().map(NodePhase::label).orElse(""));
    json.put("since", time(Optional.of(d.since())));
    json.put("reason", d.decided().map(s -> s.reason()).orElse(""));
    json.put("message", d.decided().map(s -> s.message()).orElse(""));
    json.put("problem", d.problem());
    json.put("differs", d.differs());
    json.put("config", config(d));
    json.put("blockers", d.gates().map(NodeDetailView::blockers).orElse(List.of()));
    json.put(
        "gates",
        d.gates()
            .map(v -> v.checks().stream().map(NodeDetailView::gate).toList())
            .orElse(List.of()));
    json.put("memory", memory(d.memory()));
    json.put("queue", queue(queue.apply(d.node().name())));
    json.put(
        "writeRetries",
        Map.of("conflicts", d.writeRetries().conflicts(), "retries", d.writeRetries().retries()));
    json.put("lastWrites", d.writes().stream().map(NodeDetailView::write).toList());
    json.put("lastTransitions", transitions(d.node().name()));
    return json;
  }

  private static Map<String, Object> config(Detail d) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("wanted", d.config().version());
    json.put("carried", d.node().labels().getOrDefault(Keys.CONFIG_VERSION, ""));
    json.put("applied", d.node().annotations().getOrDefault(Keys.APPLIED_VERSION, ""));
    json.put("sources", d.config().sourcesByField());
    json.put("matching", d.config().matching());
    d.config().suspendedBy().ifPresent(policy -> json.put("suspendedBy", policy));
    return json;
  }

  private static List<Map<String, Object>> blockers(Verdict verdict) {
    return verdict.blockers().stream()
        .map(
            b -> {
              Map<String, Object> json = new LinkedHashMap<>();
              json.put("text", b.text());
              json.put("object", b.object());
              json.put("since", b.since().toString());
              return json;
            })
        .toList();
  }

  private static Map<String, Object> gate(GateCheck check) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", check.name());
    json.put("kind", check.kind().code());
    json.put("open", check.open());
    json.put("state", check.result().state().name().toLowerCase(Locale.ROOT));
    json.put("reason", check.result().reason().code());
    return json;
  }

  private static Map<String, Object> memory(NodeMemory memory) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("openSince", time(memory.openSince()));
    json.put("wordingSince", time(memory.wordingSince()));
    json.put("reservationWrittenAt", time(memory.reservation().writtenAt()));
    json.put("lowerReservationSince", time(memory.reservation().lowerSince()));
    return json;
  }

  private static Map<String, Object> queue(KeyState state) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("waiting", state.waiting().map(l -> l.name().toLowerCase(Locale.ROOT)).orElse(""));
    json.put("inFlight", state.inFlight().isPresent());
    json.put("failures", state.failures());
    state.dueIn().map(Duration::toMillis).ifPresent(ms -> json.put("nextTryInMs", ms));
    return json;
  }

  private static Map<String, Object> write(NodeWrites.Write write) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("at", write.at().toString());
    json.put("part", write.part().name().toLowerCase(Locale.ROOT));
    json.put("outcome", write.outcome());
    return json;
  }

  private List<?> transitions(String node) throws InterruptedException {
    if (history.isEmpty()) {
      return List.of();
    }
    HistoryQuery query = new HistoryQuery(node, Instant.EPOCH, Long.MAX_VALUE, LAST_TRANSITIONS);
    try {
      return history.get().page(query).transitions().stream().map(TransitionJson::of).toList();
    } catch (TimeoutException busy) {
      return List.of();
    }
  }

  /** Empty for a time that is not known. */
  private static String time(Optional<Instant> time) {
    return time.filter(t -> t.isAfter(Instant.EPOCH)).map(Instant::toString).orElse("");
  }
}
