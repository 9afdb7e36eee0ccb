namespace Microsoft.Azure.Functions.Worker;

/// <summary>Which key a call needs. As in Microsoft.Azure.Functions.Worker.Extensions.Http.</summary>
public enum AuthorizationLevel
{
    Anonymous = 0,
    User = 1,
    Function = 2,
    System = 3,
    Admin = 4,
}
