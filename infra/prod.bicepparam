// For production: private, in three zones and a second region, with callers by Entra ID. The variables that are read here have
// no default, so that a forgotten one stops the deployment.
using 'main.bicep'

param name = 'prod'
param location = 'germanywestcentral'
param finx = {
  baseAddress: readEnvironmentVariable('FINX_BASE_ADDRESS')
  clientId: readEnvironmentVariable('FINX_CLIENT_ID')
}
param callbackAddress = readEnvironmentVariable('FINX_CALLBACK_ADDRESS')
param allowedReturnUris = split(readEnvironmentVariable('FINX_RETURN_URIS'), ',')
param callers = {
  mode: 'Entra'
  clientId: readEnvironmentVariable('API_CLIENT_ID')
  allowedApplications: filter(split(readEnvironmentVariable('ALLOWED_APPLICATIONS'), ','), id => !empty(id))
}
param tokenVaults = 2
param private = true
param redundancy = 'Standard_GZRS'
param zoneRedundant = true
param instances = {
  memory: 2048
  maximum: 100
  httpConcurrency: 16
  alwaysReadyHttp: 2
  alwaysReadyTimer: 2
}
param operatorId = readEnvironmentVariable('OPERATOR_GROUP_ID')
param operatorType = 'Group'
param watch = {
  email: split(readEnvironmentVariable('ON_CALL'), ',')
  silence: 'PT15M'
  reconsentsPerHour: 10
  serverErrorPercent: 5
}
param retentionDays = 365
