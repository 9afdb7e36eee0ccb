// The alerts. Each has the name of its runbook: runbooks/<name>.md.
import { watch as watchRules } from 'types.bicep'

param name string
param location string
param tags object
param workspaceName string
param insightsName string
param storageNames string[]
param vaultNames string[]
param healthAddress string
param watch watchRules

// A query returns one number, Value, which is compared with the threshold.
var queries = [
  {
    name: 'no-tick'
    title: 'The timer has not completed a tick'
    severity: 1
    frequency: 'PT5M'
    window: watch.silence
    operator: 'LessThan'
    threshold: 1
    // The alert is about a missing signal: a timer that does not run reports nothing. Rows are counted, because a sum over no rows is no number.
    query: 'AppMetrics | where Name == "finx.ticks" and tostring(Properties.outcome) in ("done", "degraded") and Sum > 0 | summarize Value = count()'
  }
  {
    name: 'slack-14'
    title: 'A refresh token ends in less than 14 days'
    severity: 3
    frequency: 'PT1H'
    window: 'PT1H'
    operator: 'LessThan'
    threshold: 14
    query: slackQuery
  }
  {
    name: 'slack-7'
    title: 'A refresh token ends in less than 7 days'
    severity: 2
    frequency: 'PT1H'
    window: 'PT1H'
    operator: 'LessThan'
    threshold: 7
    query: slackQuery
  }
  {
    name: 'slack-3'
    title: 'A refresh token ends in less than 3 days'
    severity: 1
    frequency: 'PT15M'
    window: 'PT1H'
    operator: 'LessThan'
    threshold: 3
    query: slackQuery
  }
  {
    name: 'reconsents'
    title: 'Many connections need a new consent'
    severity: 2
    frequency: 'PT15M'
    window: 'PT1H'
    operator: 'GreaterThan'
    threshold: watch.reconsentsPerHour
    query: 'AppMetrics | where Name == "finx.reconsents" | summarize Value = sum(Sum)'
  }
  {
    name: 'ambiguous'
    title: 'A token was presented to finX, and no answer arrived'
    severity: 2
    frequency: 'PT15M'
    window: 'PT1H'
    operator: 'GreaterThan'
    threshold: 0
    query: 'AppMetrics | where Name == "finx.rotations.ambiguous" | summarize Value = sum(Sum)'
  }
  {
    name: 'finx-refuses'
    title: 'finX refuses this client'
    severity: 1
    frequency: 'PT5M'
    window: 'PT15M'
    operator: 'GreaterThan'
    threshold: 0
    // The status of an answer does not tell this: a refused token may get the same status.
    query: 'AppMetrics | where Name == "finx.refusals" and tostring(Properties.operation) != "data" | summarize Value = sum(Sum)'
  }
  {
    name: 'throttled'
    title: 'Key Vault or Table Storage throttles the app'
    severity: 2
    frequency: 'PT15M'
    window: 'PT15M'
    operator: 'GreaterThan'
    threshold: 0
    query: 'AppMetrics | where Name == "finx.throttled" | summarize Value = sum(Sum)'
  }
  {
    name: 'audit'
    title: 'The audit trail misses records'
    severity: 2
    frequency: 'PT15M'
    window: 'PT15M'
    operator: 'GreaterThan'
    threshold: 0
    query: 'AppMetrics | where Name == "finx.audit.failures" | summarize Value = sum(Sum)'
  }
  {
    name: 'server-errors'
    title: 'Many calls are answered with 5xx'
    severity: 2
    frequency: 'PT5M'
    window: 'PT15M'
    operator: 'GreaterThan'
    threshold: watch.serverErrorPercent
    // Calls of callers only: without the health probe, the platform's own calls, and runs of the timer, whose result is 0.
    query: 'AppRequests | extend Status = toint(ResultCode) | where Status >= 100 and Url !has "api/health" and Url !has "admin" | summarize All = sum(ItemCount), Failed = sumif(ItemCount, Status >= 500) | where All >= 20 | project Value = 100.0 * Failed / All'
  }
  {
    name: 'health'
    title: 'A dependency does not answer the health check'
    severity: 2
    frequency: 'PT5M'
    window: 'PT15M'
    operator: 'GreaterThan'
    threshold: 2
    // What the app found in its health checks. The probe below asks for them, or a gateway if the app is closed to the probe.
    query: 'AppMetrics | where Name == "finx.health" and Sum < 1 | summarize Failed = count() by tostring(Properties.dependency) | summarize Value = max(Failed)'
  }
]

var slackQuery = 'AppMetrics | where Name == "finx.rotation.slack" | summarize arg_max(TimeGenerated, Sum) | where isnotnull(Sum) | project Value = Sum'

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' existing = {
  name: workspaceName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-${name}'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'finx'
    enabled: true
    emailReceivers: [
      for address in watch.email: {
        name: address
        emailAddress: address
        useCommonAlertSchema: true
      }
    ]
  }
}

resource queryAlert 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in queries: {
    name: '${name}-${rule.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: rule.title
      description: 'infra/runbooks/${rule.name}.md'
      severity: rule.severity
      enabled: true
      autoMitigate: true
      scopes: [workspace.id]
      // Before the app sends its first metric, the workspace does not know the tables' columns.
      skipQueryValidation: true
      evaluationFrequency: rule.frequency
      windowSize: rule.window
      criteria: {
        allOf: [
          {
            query: rule.query
            metricMeasureColumn: 'Value'
            timeAggregation: 'Maximum'
            operator: rule.operator
            threshold: rule.threshold
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: { actionGroups: [people.id] }
    }
  }
]

// The vault's own count. It also shows calls of others.
resource vaultThrottled 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for vault in vaultNames: {
    name: '${name}-throttled-${vault}'
    location: 'global'
    tags: tags
    properties: {
      description: 'infra/runbooks/throttled.md'
      severity: 2
      enabled: true
      autoMitigate: true
      scopes: [resourceId('Microsoft.KeyVault/vaults', vault)]
      evaluationFrequency: 'PT5M'
      windowSize: 'PT15M'
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion'
            name: 'refused'
            metricNamespace: 'Microsoft.KeyVault/vaults'
            metricName: 'ServiceApiResult'
            dimensions: [{ name: 'StatusCode', operator: 'Include', values: ['429'] }]
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
          }
        ]
      }
      actions: [{ actionGroupId: people.id }]
    }
  }
]

resource storageThrottled 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for account in storageNames: {
    name: '${name}-throttled-${account}'
    location: 'global'
    tags: tags
    properties: {
      description: 'infra/runbooks/throttled.md'
      severity: 2
      enabled: true
      autoMitigate: true
      scopes: [resourceId('Microsoft.Storage/storageAccounts', account)]
      evaluationFrequency: 'PT5M'
      windowSize: 'PT15M'
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion'
            name: 'refused'
            metricNamespace: 'Microsoft.Storage/storageAccounts'
            metricName: 'Transactions'
            dimensions: [
              {
                name: 'ResponseType'
                operator: 'Include'
                values: [
                  'ServerBusyError'
                  'ClientThrottlingError'
                  'ClientAccountRequestThrottlingError'
                  'ClientAccountBandwidthThrottlingError'
                ]
              }
            ]
            timeAggregation: 'Total'
            operator: 'GreaterThan'
            threshold: 0
          }
        ]
      }
      actions: [{ actionGroupId: people.id }]
    }
  }
]

// A health check from outside, as a caller sees the app.
resource probe 'Microsoft.Insights/webtests@2022-06-15' = {
  name: '${name}-health'
  location: location
  tags: union(tags, { 'hidden-link:${insights.id}': 'Resource' })
  kind: 'standard'
  properties: {
    SyntheticMonitorId: '${name}-health'
    Name: '${name}-health'
    Enabled: true
    Frequency: 300
    Timeout: 30
    Kind: 'standard'
    RetryEnabled: true
    Locations: [{ Id: 'emea-nl-ams-azr' }, { Id: 'emea-gb-db3-azr' }, { Id: 'emea-fr-pra-edge' }]
    Request: { RequestUrl: healthAddress, HttpVerb: 'GET', ParseDependentRequests: false }
    ValidationRules: { ExpectedHttpStatusCode: 200, SSLCheck: true, SSLCertRemainingLifetimeCheck: 7 }
  }
}

resource unhealthy 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${name}-health'
  location: 'global'
  tags: tags
  properties: {
    description: 'infra/runbooks/health.md'
    severity: 1
    enabled: true
    autoMitigate: true
    scopes: [probe.id, insights.id]
    evaluationFrequency: 'PT1M'
    windowSize: 'PT5M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      webTestId: probe.id
      componentId: insights.id
      failedLocationCount: 2
    }
    actions: [{ actionGroupId: people.id }]
  }
}
