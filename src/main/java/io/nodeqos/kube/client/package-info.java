// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

/**
 * The connection to the API server: HTTP clients with TLS and credentials, requests with their
 * metrics, spans and fence, and the classification of failed requests.
 */
package io.nodeqos.kube.client;
