// As a bank runs it: private, in three zones and a second region, callers told apart by Entra ID.
using 'main.bicep'

param name = 'prod'
param location = 'germanywestcentral'
param finx = {
  baseAddress: readEnvironmentVariable('FINX_BASE_ADDRESS', 'https://finx.example.com')
  clientId: readEnvironmentVariable('FINX_CLIENT_ID', 'set-FINX_CLIENT_ID')
}
param callbackAddress = readEnvironmentVariable('FINX_CALLBACK_ADDRESS', 'https://banking.example.com/api/callback')
param allowedReturnUris = [readEnvironmentVariable('FINX_RETURN_URI', 'https://www.example.com/banking')]
param callers = {
  mode: 'Entra'
  clientId: readEnvironmentVariable('API_CLIENT_ID', '00000000-0000-0000-0000-000000000000')
  allowedApplications: split(readEnvironmentVariable('ALLOWED_APPLICATIONS', '00000000-0000-0000-0000-000000000000'), ',')
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
param operatorId = readEnvironmentVariable('OPERATOR_GROUP_ID', '')
param operatorType = 'Group'
param watch = {
  email: split(readEnvironmentVariable('ON_CALL', 'on-call@example.com'), ',')
  silence: 'PT15M'
  reconsentsPerHour: 10
  serverErrorPercent: 5
}
param retentionDays = 365
