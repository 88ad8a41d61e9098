// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.stubbing.Scenario;

/** Servers with answers set by a test. */
public final class TestServers {
  private TestServers() {}

  /** One that only this machine reaches. */
  public static WireMockExtension onLoopback() {
    return WireMockExtension.newInstance()
        .options(WireMockConfiguration.wireMockConfig().bindAddress("127.0.0.1").dynamicPort())
        .build();
  }

  /** Answers to a list and a watch at one path, sent in one or several portions. */
  public static final class Answers {
    private final WireMockExtension server;
    private final String path;
    private int step;

    public Answers(WireMockExtension server, String path) {
      this.server = server;
      this.path = path;
    }

    /** The server gives these answers one after the other; the last one for ever. */
    public void add(ResponseDefinitionBuilder... answers) {
      for (int i = 0; i < answers.length; i++) {
        server.stubFor(
            get(urlPathEqualTo(path))
                .inScenario("answers")
                .whenScenarioStateIs(step == 0 ? Scenario.STARTED : "step" + step)
                .willSetStateTo("step" + (i == answers.length - 1 ? step : step + 1))
                .willReturn(answers[i]));
        step++;
      }
    }

    /** Forgets every answer and every request. */
    public void reset() {
      server.resetAll();
      step = 0;
    }
  }
}
