namespace FinxSandbox.Finx.Data;

/// <summary>The recurring payments of the accounts. All companies are invented.</summary>
internal static class RecurringPayments
{
    private const string Debit = "Direct debit";
    private const string Order = "Standing order";
    private const string Transfer = "Transfer";
    private const string Income = "Salary or rent";
    private const string Interest = "Charges or interest";
    private const string CardPayment = "Electronic cash";

    public static readonly IReadOnlyList<RecurringPayment> Shared =
    [
        new(new Monthly(2), "Max Muster", "Haushaltsgeld", 600m, 600m, Order, Category.Savings, "DE07900948150000002000"),
        new(new Weekly(DayOfWeek.Saturday), "Frischmarkt Lindner", "Einkauf", -128m, -62m, CardPayment, Category.Groceries),
        new(new Occasionally(0.12), "Drogerie Blatt", "Einkauf", -34m, -6m, CardPayment, Category.Shopping),
        new(new Monthly(16), "Kita Sonnenhof", "Elternbeitrag", -148m, -148m, Debit, Category.Insurance, CreditorId: "DE98ZZZ09999900007"),
    ];

    public static readonly IReadOnlyList<RecurringPayment> Card =
    [
        new(new Occasionally(0.22), "Onlinekaufhaus Arcado", "Bestellung", -94m, -8m, CardPayment, Category.Shopping),
        new(new Occasionally(0.16), "Trattoria Da Nino", "Restaurant", -58m, -14m, CardPayment, Category.Restaurants),
        new(new Occasionally(0.05), "Tankhof 24", "Kraftstoff", -82m, -41m, CardPayment, Category.Mobility),
        new(new Monthly(4), "Streamio", "Abo Premium", -12.99m, -12.99m, CardPayment, Category.Media),
        new(new Monthly(27), "Kartenabrechnung", "Ausgleich vom Girokonto", 310m, 520m, Transfer, Category.Savings),
    ];

    public static readonly IReadOnlyList<RecurringPayment> Depot =
    [
        new(new Monthly(15), "Sparplan Welt-ETF", "Ausführung Sparplan", 150m, 150m, Order, Category.Savings),
        new(new Yearly(3, 20), "Dividende Nordstrom AG", "Dividende", 61m, 84m, Interest, Category.Interest),
        new(new Yearly(9, 20), "Dividende Nordstrom AG", "Dividende", 61m, 84m, Interest, Category.Interest),
        new(new Yearly(12, 30), "Demobank", "Depotentgelt", -29.90m, -29.90m, Interest, Category.Fees),
    ];

    public static readonly IReadOnlyList<RecurringPayment> Loan =
    [
        new(new Monthly(30), "Mia Schneider", "Rate Autokredit", 249m, 249m, Order, Category.Savings),
        new(new Monthly(28), "Volksbank Seetal eG", "Zinsen", -31m, -24m, Interest, Category.Fees),
    ];

    /// <param name="digit">Makes the counterparties' account numbers differ from bank to bank.</param>
    public static IReadOnlyList<RecurringPayment> Household(string digit) =>
    [
        new(new Monthly(28), "Werkbund Maschinen GmbH", "Lohn/Gehalt", 2_846.12m, 2_846.12m, Income, Category.Income, Iban.German("90011000", digit + "00100")),
        new(new Monthly(1), "Wohnbau Lindenallee", "Miete Whg. 12", -912m, -912m, Order, Category.Rent, Iban.German("90011000", digit + "00200")),
        new(new Monthly(3), "Stadtwerke Neustadt", "Abschlag Strom und Gas", -118m, -118m, Debit, Category.Utilities, Iban.German("90011000", digit + "00300"), "DE98ZZZ09999900001"),
        new(new Monthly(9), "Telenord", "Rechnung Internet und Mobil", -54.98m, -49.98m, Debit, Category.Telecom, Iban.German("90011000", digit + "00400"), "DE98ZZZ09999900002"),
        new(new Monthly(12), "Fitwerk", "Mitgliedsbeitrag", -29.90m, -29.90m, Debit, Category.Media, CreditorId: "DE98ZZZ09999900003"),
        new(new Monthly(14), "Klangwelle Musik", "Abo Familie", -16.99m, -16.99m, Debit, Category.Media, CreditorId: "DE98ZZZ09999900004"),
        new(new Monthly(15), "Allsicher Versicherung", "Haftpflicht und Hausrat", -23.40m, -23.40m, Debit, Category.Insurance, CreditorId: "DE98ZZZ09999900005"),
        new(new Monthly(20), "Verkehrsbetriebe Neustadt", "Monatskarte", -49m, -49m, Debit, Category.Mobility, CreditorId: "DE98ZZZ09999900006"),
        new(new Monthly(5), "Sparen", "Sparrate", -200m, -200m, Order, Category.Savings),
        new(new Weekly(DayOfWeek.Tuesday), "Frischmarkt Lindner", "Einkauf", -74m, -21m, CardPayment, Category.Groceries),
        new(new Weekly(DayOfWeek.Friday), "Bio am Platz", "Einkauf", -58m, -14m, CardPayment, Category.Groceries),
        new(new Occasionally(0.30), "Bäckerei Korn", "Einkauf", -9m, -2m, CardPayment, Category.Groceries),
        new(new Occasionally(0.10), "Café Mitte", "Kartenzahlung", -24m, -4m, CardPayment, Category.Restaurants),
        new(new Occasionally(0.07), "Onlinekaufhaus Arcado", "Bestellung", -89m, -12m, Debit, Category.Shopping, CreditorId: "DE98ZZZ09999900008"),
        new(new Yearly(3, 31), "Kontoführung", "Entgelt 1. Quartal", -8.70m, -8.70m, Interest, Category.Fees),
        new(new Yearly(12, 31), "Kontoführung", "Entgelt 4. Quartal", -8.70m, -8.70m, Interest, Category.Fees),
    ];

    /// <param name="digit">Makes the counterparties' account numbers differ from bank to bank.</param>
    public static IReadOnlyList<RecurringPayment> Savings(string digit) =>
    [
        new(new Monthly(5), "Girokonto", "Sparrate", 200m, 200m, Order, Category.Savings, Iban.German("90011000", digit + "00900")),
        new(new Monthly(30), "Zinsen", "Habenzinsen", 9m, 17m, Interest, Category.Interest),
    ];
}
