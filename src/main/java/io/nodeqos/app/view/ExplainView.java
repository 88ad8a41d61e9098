// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.view;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.nodeqos.app.view.QueryParameters.BadRequest;
import io.nodeqos.explain.answer.Explanation;
import io.nodeqos.explain.answer.ExplanationJson;
import io.nodeqos.explain.answer.ExplanationText;
import io.nodeqos.explain.answer.FleetExplanation;
import io.nodeqos.explain.answer.FleetExplanationText;
import io.nodeqos.http.Endpoint;
import io.nodeqos.http.Request;
import io.nodeqos.http.Response;
import io.nodeqos.text.TextFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * {@code /explain?node=NAME}, {@code /explain?policy=NAME} and {@code /explain} for all nodes:
 * text, or JSON for a client that accepts it. The header {@code Nodeqos-Exit-Code} has the exit
 * code of the command of the same name, so that a script needs no parser.
 *
 * <p>With {@code lines=text} or {@code lines=wide} the JSON has the text as well, for a terminal of
 * {@code width} columns, so that a program can print it.
 */
public final class ExplainView implements Endpoint {
  private static final String API_VERSION = "cli.nodeqos.io/v1";
  private static final Set<String> PARAMETERS = Set.of("node", "policy", "lines", "width");

  private static final int MAX_WIDTH = 10_000;

  private final LiveExplainer explainer;
  private final BooleanSupplier synced;
  private final Gson gson = new GsonBuilder().disableHtmlEscaping().setPrettyPrinting().create();

  /**
   * @param synced whether the caches hold the whole cluster: before, no node could be told from an
   *     unknown one
   */
  public ExplainView(LiveExplainer explainer, BooleanSupplier synced) {
    this.explainer = explainer;
    this.synced = synced;
  }

  @Override
  public Response answer(Request request) throws InterruptedException {
    if (!synced.getAsBoolean()) {
      return QueryParameters.error(503, "The caches are not filled yet.");
    }
    String node;
    String policy;
    TextFormat format;
    try {
      QueryParameters query = QueryParameters.of(request, PARAMETERS);
      node = name(request, query, "node");
      policy = name(request, query, "policy");
      if (!node.isEmpty() && !policy.isEmpty()) {
        throw new BadRequest("node and policy exclude each other.");
      }
      int width = (int) query.number("width", 0, MAX_WIDTH, 0);
      format = new TextFormat(width, false, query.text("lines").equals("wide"));
    } catch (BadRequest bad) {
      return bad.response();
    }
    if (!node.isEmpty()) {
      Optional<Explanation> one = explainer.node(node);
      return one.isEmpty()
          ? QueryParameters.error(404, "There is no node \"" + node + "\" in the cache.")
          : answer(
              request,
              one.get().exitCode(),
              ExplanationJson.KIND,
              () -> ExplanationJson.of(one.get()),
              new ExplanationText(format).lines(one.get()));
    }
    Optional<FleetExplanation> all =
        policy.isEmpty() ? Optional.of(explainer.all()) : explainer.policy(policy);
    return all.isEmpty()
        ? QueryParameters.error(404, "There is no policy \"" + policy + "\" in the cache.")
        : answer(
            request,
            all.get().exitCode(),
            FleetExplanationText.KIND,
            () -> FleetExplanationText.json(all.get()),
            FleetExplanationText.lines(all.get(), format));
  }

  /** An empty name must not mean all nodes. */
  private static String name(Request request, QueryParameters query, String parameter)
      throws BadRequest {
    if (request.query().containsKey(parameter) && query.text(parameter).isEmpty()) {
      throw new BadRequest(parameter + " is empty, but must be a name.");
    }
    return query.text(parameter);
  }

  private Response answer(
      Request request, int exitCode, String kind, Supplier<JsonObject> body, List<String> lines) {
    boolean wantsLines = request.query().containsKey("lines");
    Response response =
        wantsLines || request.accept().contains("json")
            ? Response.json(gson.toJson(whole(kind, body.get(), wantsLines, lines)) + "\n")
            : Response.text(200, String.join("\n", lines) + "\n");
    return response.with("Nodeqos-Exit-Code", Integer.toString(exitCode));
  }

  private static JsonObject whole(
      String kind, JsonObject body, boolean wantsLines, List<String> lines) {
    JsonObject whole = new JsonObject();
    whole.addProperty("apiVersion", API_VERSION);
    whole.addProperty("kind", kind);
    body.entrySet().forEach(field -> whole.add(field.getKey(), field.getValue()));
    if (wantsLines) {
      JsonArray text = new JsonArray();
      lines.forEach(text::add);
      whole.add("lines", text);
    }
    return whole;
  }
}
