// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.app.view;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import io.nodeqos.app.view.QueryParameters.BadRequest;
import io.nodeqos.http.Endpoint;
import io.nodeqos.http.Request;
import io.nodeqos.http.Response;
import io.nodeqos.preview.edit.InvalidEditsException;
import io.nodeqos.preview.edit.PolicyParser;
import io.nodeqos.preview.plan.PlanJson;
import io.nodeqos.preview.plan.PlanText;
import io.nodeqos.preview.plan.PolicyPlan;
import io.nodeqos.text.TextFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;

/**
 * {@code POST /plan}: the effect of the policies in the body (YAML or JSON) on the nodes of this
 * replica's caches, as text, or as JSON for a client that accepts it. {@code ?delete=NAME,NAME}
 * deletes policies, {@code ?nodes=true} lists all nodes of each group, {@code ?origin=FILE} names
 * the body in sentences about mistakes. The header {@code Nodeqos-Exit-Code} has the exit code of
 * the command with {@code --exit-code}. One plan at a time: it takes the processor time of a
 * decision for each node, twice.
 */
public final class PlanView implements Endpoint {
  private static final String API_VERSION = "cli.nodeqos.io/v1";
  private static final String EXIT_CODE = "Nodeqos-Exit-Code";
  private static final int MAX_BODY = 1 << 20;
  private static final int MAX_WIDTH = 10_000;
  private static final Set<String> PARAMETERS =
      Set.of("delete", "nodes", "lines", "width", "origin");

  private final LivePlanner planner;
  private final BooleanSupplier synced;
  private final Semaphore turn = new Semaphore(1);
  private final Gson gson = new GsonBuilder().disableHtmlEscaping().setPrettyPrinting().create();

  /**
   * @param synced whether the caches hold the whole cluster
   */
  public PlanView(LivePlanner planner, BooleanSupplier synced) {
    this.planner = planner;
    this.synced = synced;
  }

  @Override
  public int maxBody() {
    return MAX_BODY;
  }

  @Override
  public Response answer(Request request) {
    if (!synced.getAsBoolean()) {
      return QueryParameters.error(503, "The caches are not filled yet.");
    }
    if (!turn.tryAcquire()) {
      return QueryParameters.error(429, "Another plan is being made.").with("Retry-After", "2");
    }
    try {
      return plan(request);
    } catch (BadRequest bad) {
      return bad.response();
    } catch (InvalidEditsException e) {
      return QueryParameters.error(400, e.getMessage()).with(EXIT_CODE, "2");
    } finally {
      turn.release();
    }
  }

  private Response plan(Request request) throws BadRequest, InvalidEditsException {
    QueryParameters query = QueryParameters.of(request, PARAMETERS);
    TextFormat format =
        new TextFormat(
            (int) query.number("width", 0, MAX_WIDTH, 0),
            false,
            query.text("lines").equals("wide"));
    List<String> deletions =
        query.text("delete").isEmpty() ? List.of() : List.of(query.text("delete").split(","));
    PolicyParser parser = new PolicyParser();
    if (!request.body().isBlank()) {
      String origin = query.text("origin");
      parser.parse(origin.isEmpty() ? "the body" : origin, request.body());
    } else if (deletions.isEmpty()) {
      throw new BadRequest("The body must have policies, in YAML or JSON.");
    }
    PolicyPlan plan = planner.plan(parser.policies(), deletions).with(false, parser.leftOut());
    Response response =
        request.accept().contains("json")
            ? Response.json(gson.toJson(whole(PlanJson.of(plan))) + "\n")
            : Response.text(
                200,
                String.join("\n", new PlanText(format, query.flag("nodes", false)).lines(plan))
                    + "\n");
    return response.with(EXIT_CODE, plan.hasChanges() ? plan.hasWarnings() ? "4" : "3" : "0");
  }

  private static JsonObject whole(JsonObject body) {
    JsonObject whole = new JsonObject();
    whole.addProperty("apiVersion", API_VERSION);
    whole.addProperty("kind", PlanJson.KIND);
    body.entrySet().forEach(field -> whole.add(field.getKey(), field.getValue()));
    return whole;
  }
}
