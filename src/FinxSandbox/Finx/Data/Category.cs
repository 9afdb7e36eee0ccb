namespace FinxSandbox.Finx.Data;

/// <summary>A category of transactions, with the one above it.</summary>
internal sealed record Category(int Id, int? ParentId, string Name)
{
    public static readonly Category Income = new(110, 100, "Salary");
    public static readonly Category Interest = new(120, 100, "Interest and dividends");
    public static readonly Category Rent = new(151, 150, "Rent");
    public static readonly Category Utilities = new(152, 150, "Energy and water");
    public static readonly Category Telecom = new(153, 150, "Phone and internet");
    public static readonly Category Groceries = new(162, 160, "Groceries");
    public static readonly Category Restaurants = new(163, 160, "Restaurants and cafes");
    public static readonly Category Shopping = new(164, 160, "Shopping");
    public static readonly Category Mobility = new(171, 170, "Public transport and fuel");
    public static readonly Category Insurance = new(181, 180, "Insurance");
    public static readonly Category Media = new(191, 190, "Subscriptions");
    public static readonly Category Savings = new(201, 200, "Savings");
    public static readonly Category Fees = new(211, 210, "Bank fees");
}
